import type { Signal } from "#domain/decision.ts";
import { add, gib, initPid, type KiB, kib, type Milliseconds, milliseconds, scale, subtract } from "#domain/units.ts";
import { note } from "./agenda.ts";
import { leaveNursery } from "./children.ts";
import { anonOf, swappedOf } from "./holdings.ts";
import type { Kernel } from "./kernel.ts";
import { delist } from "./lists.ts";
import type { MachineEvent } from "./machine-event.ts";
import { leaveMemcgs } from "./memcg.ts";
import type { Mm, SimulatedProcess } from "./process.ts";
import { leaveProgram } from "./programs.ts";
import { jitter } from "./random.ts";
import { forget, rouse } from "./roused.ts";
import { freeSwap } from "./swap-space.ts";
import { residentOf, shrinkTo, type WorkingSet } from "./working-set.ts";

/** A signal, and who sends it. */
export interface SentSignal {
  readonly signal: Signal;
  readonly by: Extract<MachineEvent, { kind: "signalled" }>["by"];
}

/** How much equal processes differ in how soon they react. */
const reactionSpread = 0.25;

/**
 * What process_mrelease needs for 1 GiB of a process that cannot help: 83 ms for a frozen one. A healthy one unmaps at
 * the same time, and both together take 40 ms (2 cores, Linux 6.18, 4 KiB pages).
 */
const reapPerGiB = milliseconds(83);

/** Sends a signal; what comes of it comes with time. */
export function signal(kernel: Kernel, process: SimulatedProcess, { signal: sent, by }: SentSignal): void {
  const { identity, comm, script } = process;
  kernel.events.push({ at: kernel.now, kind: "signalled", identity, comm, signal: sent, by });
  if (process.isDying) return;
  if (sent === "SIGKILL") {
    process.isDying = true;
    rouse(kernel, process);
    leaveAfter(kernel, process, script.onExit.after);
  } else if (script.onSigterm.kind === "exits" && !process.isStopped) {
    leaveAfter(kernel, process, script.onSigterm.after);
  }
}

function leaveAfter(kernel: Kernel, process: SimulatedProcess, delay: Milliseconds): void {
  const at = add(kernel.now, scale(delay, jitter(kernel.random, reactionSpread)));
  if (process.leavesAt !== undefined && process.leavesAt <= at) return;
  process.leavesAt = at;
  note(kernel.agenda, { at, process });
}

/** Takes memory back from whoever gives it back by itself or is reaped. */
export function giveBackMemory(kernel: Kernel, span: Milliseconds): void {
  for (const process of kernel.roused) {
    const { mm } = process;
    if (mm.owner !== process) continue;
    const rate = returnsPerMillisecond(mm);
    if (rate > 0) shrink(kernel, mm, scale(rate, span));
  }
}

function shrink(kernel: Kernel, mm: Mm, amount: KiB): void {
  const held = heldBy(mm);
  const kept = held <= amount ? 0 : 1 - amount / held;
  freeSwap(kernel, scale(swappedOf(mm), 1 - kept));
  for (const set of [mm.hot, mm.idle]) shrinkTo(set, kept);
}

/** What it takes time to give back. */
const heldBy = (mm: Mm): KiB => add(anonOf(mm), swappedOf(mm));

/** The exiting process and the reaper unmap side by side. */
function returnsPerMillisecond(mm: Mm): KiB {
  const byExit = mm.isDetached && mm.owner !== undefined ? scale(gib(1), 1 / mm.owner.exitPerGiB) : kib(0);
  return mm.reaping === undefined || mm.isReaped ? byExit : add(byExit, scale(gib(1), 1 / reapPerGiB));
}

/** How long until this memory is back, if it is on its way. */
export function untilGivenBack(mm: Mm): Milliseconds | undefined {
  const rate = returnsPerMillisecond(mm);
  return rate === 0 ? undefined : milliseconds(heldBy(mm) / rate);
}

/** Lets those go whose time has come. */
export function settleExits(kernel: Kernel): void {
  for (const process of [...kernel.roused]) {
    if (process.leavesAt !== undefined && process.leavesAt <= kernel.now) leaveMemory(kernel, process);
    if (process.mm.owner === process) settleMemory(kernel, process);
  }
}

function settleMemory(kernel: Kernel, process: SimulatedProcess): void {
  const { mm } = process;
  if (!(mm.isDetached || mm.reaping !== undefined) || heldBy(mm) > 0) return;
  if (mm.reaping !== undefined && !mm.isReaped) finishReaping(kernel, mm);
  if (mm.isDetached) exit(kernel, process);
}

function leaveMemory(kernel: Kernel, process: SimulatedProcess): void {
  process.leavesAt = undefined;
  process.isDying = true;
  const { mm } = process;
  if (mm.users.size > 1) exit(kernel, process);
  else mm.isDetached = true;
}

function finishReaping(kernel: Kernel, mm: Mm): void {
  mm.isReaped = true;
  const { owner, reaping } = mm;
  if (owner === undefined || reaping === undefined) return;
  const { identity, comm } = owner;
  const { by, since } = reaping;
  kernel.events.push({
    at: kernel.now,
    kind: "reaped",
    identity,
    comm,
    by,
    took: subtract(kernel.now, since),
  });
}

function exit(kernel: Kernel, process: SimulatedProcess): void {
  const { mm, identity, comm, isChild } = process;
  mm.users.delete(process);
  if (mm.owner === process) mm.owner = [...mm.users][0];
  if (mm.users.size === 0) {
    leaveCached(kernel, mm.files);
    delist(kernel.lru, mm.sets);
  }
  if (mm.program !== undefined) leaveProgram(mm.program, process.script);
  leaveMemcgs(kernel.memcgs, process);
  leaveFamily(kernel, process);
  leaveNursery(kernel, process);
  forget(kernel, process);
  kernel.events.push({ at: kernel.now, kind: "exited", identity, comm, isChild });
}

/** Its children become those of init. @see kernel/exit.c: forget_original_parent */
function leaveFamily({ byPid }: Kernel, process: SimulatedProcess): void {
  const { parent, children } = process;
  const init = byPid.get(initPid);
  for (const child of children) {
    child.parent = initPid;
    init?.children.add(child);
  }
  if (parent !== undefined) byPid.get(parent)?.children.delete(process);
}

/** What it read of files stays cached for whoever comes next. */
function leaveCached({ cache }: Kernel, set: WorkingSet): void {
  cache.inactive = add(cache.inactive, residentOf(set));
  set.active = kib(0);
  set.inactive = kib(0);
}
