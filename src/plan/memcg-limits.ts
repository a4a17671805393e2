import { type KiB, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { BoundDetector } from "#engine/define-detector.ts";
import type { AlarmPlan, MemcgCapacity, ScopePlan } from "#engine/plan.ts";
import { growthLimit, sizeLimit, swapLimit } from "#policies/detectors/memcg-limits.ts";
import { type Amount, resolveAmount } from "./amount.ts";
import type { MemcgLimitMarks } from "./recipe.ts";

/** Detectors of a memcg's own limits, each with an alarm of its own: they need not agree with anybody, and hold for their own time. */
export function planLimits(marks: MemcgLimitMarks, capacity: MemcgCapacity): Pick<ScopePlan, "detectors" | "alarms"> {
  const { holdFor, growthWindow: window } = marks;
  const room = capacity.limit ?? capacity.ram;
  const swap = bindLimit(marks.swap, capacity.swap, (threshold) => swapLimit({ threshold, holdFor }));
  const size = bindLimit(marks.size, room, (threshold) => sizeLimit({ threshold, holdFor }));
  const growth = bindLimit(marks.growth, room, (threshold) => growthLimit({ threshold, window }));
  return {
    detectors: [...swap, ...size, ...growth],
    alarms: [
      ...[...swap, ...size].map((detector) => alarmBy(detector, holdFor)),
      ...growth.map((detector) => alarmBy(detector, milliseconds(0))),
    ],
  };
}

const bindLimit = (
  written: Amount | undefined,
  whole: KiB,
  bind: (threshold: KiB) => BoundDetector,
): readonly BoundDetector[] => {
  const threshold = written && resolveAmount(written, whole);
  return threshold === undefined ? [] : [bind(threshold)];
};

const alarmBy = ({ name }: BoundDetector, holdFor: Milliseconds): AlarmPlan => ({
  kind: "scarce",
  own: name,
  when: "any",
  detectors: [name],
  holdFor,
});
