import type { FactName, Snapshot } from "#domain/snapshot.ts";
import { add, milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";

/** Two looks: counters have to grow before they say anything. Without `before`, all stood still. */
export interface Looks {
  readonly before?: Snapshot;
  readonly now: Snapshot;
}

/** Long enough for counters to grow, short enough not to be waited for. */
const between = milliseconds(250);

/** Everything that is compared with what a plan goes by, and who would be first. */
const needsOf = ({ detectors, memcgs }: Plan): readonly FactName[] => [
  ...new Set([
    ...(memcgs.length > 0 ? (["memcgs", "membership"] as const) : []),
    ...(descended(memcgs).length > 0 ? (["branches"] as const) : []),
    ...(["meminfo", "pressure", "swaps", "arc", "processes"] as const),
    ...detectors.flatMap((detector) => detector.needs),
  ]),
];

const descended = (memcgs: Plan["memcgs"]): readonly string[] =>
  memcgs.filter(({ byBranch }) => byBranch !== undefined).map(({ path }) => path);

/** Looks, waits a moment, and looks again. */
export async function lookTwice(machine: Machine, plan: Plan): Promise<Looks> {
  const { memcgs } = plan;
  const watch = memcgs.map(({ path }) => path);
  const look = { needs: needsOf(plan), isPressing: false, watch, descend: descended(memcgs) };
  const before = machine.sense(look);
  await machine.wait(add(before.takenAt, between));
  return { before, now: machine.sense(look) };
}
