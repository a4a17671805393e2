import { runLoop, type Turn } from "#daemon/loop.ts";
import { readPlan } from "#daemon/plan-reading.ts";
import { add, atLeast, milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";
import type { Timeline } from "./timeline.ts";

/** What went wrong in an act: nothing, when everything went as it should. */
export type Complaints = readonly string[];

/** No act takes longer, on any machine: usually it is a second or two. */
const patience = milliseconds(30_000);

const isOver = ({ verdict }: Turn): boolean =>
  verdict.findings.some(({ kind }) => kind === "memory-back" || kind === "memory-late");

/** The plan of the shipped defaults on a machine. */
export function shippedPlan(machine: Machine): Plan {
  const reading = readPlan({ path: undefined, overrides: ["preset=none"] }, machine);
  if (reading.kind === "refused") throw new Error(reading.text);
  return reading.plan;
}

/** Lets the daemon's own loop run until the first victim's story is over. */
export async function playUntilOver(machine: Machine, plan: Plan, timeline: Timeline): Promise<void> {
  const until = add(machine.now(), patience);
  let isDone = false;
  await runLoop(
    { machine, journal: timeline.journal, plan: () => plan },
    {
      isStopping: () => isDone || atLeast(machine.now(), until),
      watch: (turn) => {
        timeline.watch(turn);
        isDone ||= isOver(turn);
      },
    },
  );
}
