import type { UnitView } from "#daemon/views/unit-view.ts";
import { describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";

const units: Readonly<Record<UnitView["kill_unit"], string>> = {
  family: "of its family",
  app: "of its application",
  memcg: "of its cgroup",
};

/** So many are named. */
const named = 5;

/** `2 others of its application, 1.5 GiB in all: 51 (browser), 52 (tab)`. */
export function describeUnit({ kill_unit, processes, returns_kib: returns, others }: UnitView): string {
  const names = others.slice(0, named).map(({ pid, comm }) => `${pid} (${escapeText(comm)})`);
  const rest = processes - 1 - names.length;
  const who = processes === 2 ? "1 other" : `${processes - 1} others`;
  return `${who} ${units[kill_unit]}, ${describeSize(returns)} in all: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
