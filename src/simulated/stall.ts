import { add, type Milliseconds, microseconds, millisecondsToMicroseconds, scale } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { accountStall, type StallTime } from "./psi.ts";

/** Adds what the step under way was to PSI: of the machine, and of every memcg for its own members. */
export function accountStalls(kernel: Kernel, span: Milliseconds): void {
  const { scenario, roused, memcgs, psi, ioPsi } = kernel;
  const end = add(kernel.now, span);
  const stalled = roused.filter(({ fortune }) => fortune.stalled > 0);
  const isAnyAtDisks = roused.some(({ fortune }) => fortune.atDisks > 0);
  const tasks = stalled.length > 0 || isAnyAtDisks ? tasksOf(kernel) : [];
  const time = (wait: Wait): StallTime => stallTime(tasks, wait, { cpus: scenario.cpus, span });
  accountStall(psi, stalled.length === 0 ? noStall : time("stalled"), end);
  accountStall(ioPsi, isAnyAtDisks ? time("atDisks") : noStall, end);
  for (const { psi: own, members } of memcgs) {
    const inside = stalled.some((process) => members.has(process)) ? [...members] : [];
    const spread = inside.map(({ fortune }, place) => ({ fortune, place }));
    accountStall(own, stallTime(spread, "stalled", { cpus: scenario.cpus, span }), end);
  }
}

/** Who rests and works on nothing is idle. */
function tasksOf({ roused, workers }: Kernel): readonly SimulatedProcess[] {
  const others = workers.filter(({ isRoused }) => !isRoused);
  return others.length === 0 ? roused : [...others, ...roused].sort(byPlace);
}

const noStall: StallTime = { some: microseconds(0), full: microseconds(0) };

/** What PSI knows of a process: how it fared, and its place, which gives its processor. */
export type Task = Pick<SimulatedProcess, "fortune" | "place">;

/** What keeps a task waiting: memory, or a disk. */
export type Wait = "stalled" | "atDisks";

const byPlace = (a: Task, b: Task): number => a.place - b.place;

/**
 * Stalled time by the kernel's definition: a processor is in `some` while one of its tasks is stalled, in `full` while one is
 * and none of them does productive work; processors count by how much they are not idle. Tasks of one processor are taken for
 * independent of each other. @see kernel/sched/psi.c: test_states, collect_percpu_times
 */
export function stallTime(
  tasks: readonly Task[],
  wait: Wait,
  { cpus, span }: { readonly cpus: number; readonly span: Milliseconds },
): StallTime {
  let [some, full, nonIdle] = [0, 0, 0];
  for (let cpu = 0; cpu < cpus && tasks.length > 0; cpu += 1) {
    let [nobodyStalled, nobodyWorks, everybodyIdle] = [1, 1, 1];
    for (const { fortune, place } of tasks) {
      const waits = fortune[wait];
      if (place % cpus !== cpu || waits + fortune.busy === 0) continue;
      // Who waits for memory may do so at a disk, or not.
      const works = fortune.busy * (1 - Math.max(waits, fortune.stalled));
      nobodyStalled *= 1 - waits;
      nobodyWorks *= 1 - works;
      everybodyIdle *= Math.max(0, 1 - works - waits);
    }
    const weight = 1 - everybodyIdle;
    some += (1 - nobodyStalled) * weight;
    full += Math.max(0, nobodyWorks - everybodyIdle) * weight;
    nonIdle += weight;
  }
  const inMicroseconds = (part: number) =>
    scale(millisecondsToMicroseconds(span), nonIdle === 0 ? 0 : Math.min(1, Math.max(0, part / nonIdle)));
  return { some: inMicroseconds(some), full: inMicroseconds(full) };
}
