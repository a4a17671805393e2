import { add, type Milliseconds, millisecondsToMicroseconds, scale } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { accountStall, type StallTime } from "./psi.ts";

/** Adds what the step under way was to PSI: of the machine, and of every memcg for its own members. */
export function accountStalls(kernel: Kernel, span: Milliseconds): void {
  const { scenario, processes, memcgs, psi } = kernel;
  const end = add(kernel.now, span);
  accountStall(psi, stallTime(processes, scenario.cpus, span), end);
  for (const { psi: own, members } of memcgs) accountStall(own, stallTime([...members], scenario.cpus, span), end);
}

/**
 * Stalled time by the kernel's definition: a processor is in `some` while one of its tasks is stalled, in `full` while one is
 * and none of them does productive work; processors count by how much they are not idle. Tasks of one processor are taken for
 * independent of each other. @see kernel/sched/psi.c: test_states, collect_percpu_times
 */
export function stallTime(processes: readonly SimulatedProcess[], cpus: number, span: Milliseconds): StallTime {
  let [some, full, nonIdle] = [0, 0, 0];
  for (let cpu = 0; cpu < cpus && cpu < processes.length; cpu += 1) {
    let [nobodyStalled, nobodyWorks, everybodyIdle] = [1, 1, 1];
    for (let index = cpu; index < processes.length; index += cpus) {
      const fortune = processes[index]?.fortune;
      if (fortune === undefined || fortune.stalled + fortune.busy === 0) continue;
      const works = fortune.busy * (1 - fortune.stalled);
      nobodyStalled *= 1 - fortune.stalled;
      nobodyWorks *= 1 - works;
      everybodyIdle *= Math.max(0, 1 - works - fortune.stalled);
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
