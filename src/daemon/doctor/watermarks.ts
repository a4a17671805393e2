import { below } from "#domain/units.ts";
import { describeSize } from "#journal/amounts.ts";
import type { CheckUp } from "./diagnosis.ts";

const topic = "watermarks";

/** When tidemark would act here, and whether it would at once. */
export const examineWatermarks: CheckUp = ({ headroom, plan: { headroom: marks } }) => {
  const { min, low, high } = marks;
  const told = `min ${describeSize(min)}, low ${describeSize(low)}, high ${describeSize(high)}; ${describeSize(headroom)} of headroom now`;
  if (below(headroom, low)) {
    return [
      {
        topic,
        severity: "warning",
        finding: told,
        consequence: "started now, tidemark would end somebody at once",
        advice: "see who with tidemark explain; close programs first, or lower headroom.low",
      },
    ];
  }
  return [{ topic, severity: "fine", finding: told }];
};
