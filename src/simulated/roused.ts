import { nextAppointment } from "./agenda.ts";
import type { Kernel } from "./kernel.ts";
import { layToRest, stir } from "./lists.ts";
import { isMissingMemory, isRunning, type SimulatedProcess } from "./process.ts";
import { isOver } from "./stream.ts";

/**
 * Most processes of a machine do nothing most of the time: no step visits them. Who rests neither grows, reads nor writes,
 * and finds all the memory it goes through. It is roused when it is born, signalled, due by the clock, or misses something.
 */
export function rouse({ roused, lru }: Kernel, process: SimulatedProcess): void {
  if (process.isRoused) return;
  process.isRoused = true;
  // Most are younger than all others.
  let place = roused.length;
  while (place > 0 && (roused[place - 1]?.place ?? 0) > process.place) place -= 1;
  roused.splice(place, 0, process);
  stir(lru, process.mm.sets);
}

/** Nothing will come of visiting it, until it is roused. What it holds changes by reclaim alone. */
export const canRest = (process: SimulatedProcess): boolean =>
  // Who shares an address space is visited for what the others do with it.
  process.mm.users.size === 1 && !process.isDying && (!isRunning(process) || isAtLeisure(process));

const isAtLeisure = (process: SimulatedProcess): boolean => {
  const { growth, reads, writes, wakes } = process;
  const hasGrown = growth.at >= growth.steps.length;
  return hasGrown && isOver(reads) && isOver(writes) && wakes === undefined && !isMissingMemory(process);
};

/** Visits them no more. */
export function rest(kernel: Kernel, idle: readonly SimulatedProcess[]): void {
  if (idle.length === 0) return;
  for (const process of idle) {
    process.isRoused = false;
    layToRest(kernel.lru, process.mm.sets);
  }
  keepOnly(kernel.roused, ({ isRoused }) => isRoused);
}

/** Rouses those whose time has come. */
export function rouseDue(kernel: Kernel): void {
  const { agenda, now } = kernel;
  for (let next = nextAppointment(agenda); next !== undefined && next.at <= now; next = nextAppointment(agenda)) {
    agenda.shift();
    rouse(kernel, next.process);
  }
}

/** Rouses those who miss what reclaim has taken. */
export function rouseBereft(kernel: Kernel): void {
  if (!kernel.reclaim.hasTakenUsed) return;
  kernel.reclaim.hasTakenUsed = false;
  for (const worker of kernel.workers) if (!worker.isRoused && isMissingMemory(worker)) rouse(kernel, worker);
}

/** It has gone. */
export function forget({ processes, roused, workers, byPid }: Kernel, process: SimulatedProcess): void {
  for (const list of [roused, workers]) keepOnly(list, (other) => other !== process);
  byPid.delete(process.identity.pid);
  processes.splice(process.place, 1);
  for (let place = process.place; place < processes.length; place += 1) {
    const moved = processes[place];
    if (moved !== undefined) moved.place = place;
  }
}

function keepOnly(list: SimulatedProcess[], isKept: (process: SimulatedProcess) => boolean): void {
  let kept = 0;
  for (const process of list) {
    if (!isKept(process)) continue;
    list[kept] = process;
    kept += 1;
  }
  list.length = kept;
}
