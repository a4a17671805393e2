import type { Identity } from "#domain/identity.ts";
import { type KiB, kib, type Milliseconds, type Pid, scale } from "#domain/units.ts";
import { type Growth, planGrowth } from "./growth.ts";
import type { SettledScript } from "./process-script.ts";
import { jitter, type Random } from "./random.ts";

/** Somebody takes the memory of a dying process away, as the kernel's reaper and process_mrelease do. */
export interface Reaping {
  readonly by: "tidemark" | "kernel";
  readonly since: Milliseconds;
}

/** One address space: of one process, or of several that share it. */
export interface Mm {
  /** The process that stands for it; another user when that one has exited. */
  owner: SimulatedProcess | undefined;
  readonly users: Set<SimulatedProcess>;
  anon: KiB;
  swapped: KiB;
  /** Resident pages of files its processes work on. */
  files: KiB;
  /** Of those files: was resident, has been evicted, and will be missed. */
  evictedFiles: KiB;
  /** Its last user is exiting: it can be seen no more, and comes back. */
  isDetached: boolean;
  reaping: Reaping | undefined;
  isReaped: boolean;
}

/** What a process asks for in one step of time, and how long it was kept waiting. */
export interface Demand {
  grow: KiB;
  swapIn: KiB;
  readFiles: KiB;
  /** Of what it reads from disk: what it had before, so that waiting for it is a stall. */
  refaultShare: number;
  /** Share of the step it was stalled on memory. */
  stalled: number;
  /** Share of the step it would have worked, had nothing stopped it. */
  busy: number;
}

/** One process, alive or on its way out. */
export interface SimulatedProcess {
  readonly identity: Identity;
  /** Its name as the kernel keeps it: 15 bytes, which may cut a character in half. */
  readonly comm: string;
  readonly parent: Pid | undefined;
  readonly isKernelThread: boolean;
  readonly script: SettledScript;
  readonly mm: Mm;
  readonly growth: Growth;
  readonly demand: Demand;
  readonly exitPerGiB: Milliseconds;
  isStopped: boolean;
  /** SIGKILL is pending, or it is exiting. */
  isDying: boolean;
  /** When it lets go of its memory. */
  leavesAt: Milliseconds | undefined;
  /** Somebody looked at it while there was time: its arguments are known. */
  isAcquainted: boolean;
}

/** What a process is made of. */
export interface Birth {
  readonly identity: Identity;
  readonly parent: Pid | undefined;
  readonly script: SettledScript;
  readonly isKernelThread?: boolean;
  /** Whose memory it uses. */
  readonly sharesWith?: SimulatedProcess;
}

/** How much two equal processes differ in how fast they die. */
const exitSpread = 0.15;

/** Makes a process; one that is there from the beginning has its memory in place. */
export function makeProcess(birth: Birth, random: Random): SimulatedProcess {
  const { identity, parent, script, isKernelThread = false, sharesWith } = birth;
  const isResident = script.startsAt === 0 && sharesWith === undefined;
  const mm: Mm = sharesWith?.mm ?? {
    owner: undefined,
    users: new Set(),
    anon: isResident ? script.anon : kib(0),
    swapped: kib(0),
    files: isResident && script.files ? script.files.size : kib(0),
    evictedFiles: kib(0),
    isDetached: false,
    reaping: undefined,
    isReaped: false,
  };
  const process: SimulatedProcess = {
    identity,
    comm: cutComm(script.name),
    parent,
    isKernelThread,
    script,
    mm,
    growth: planGrowth(script),
    demand: { grow: kib(0), swapIn: kib(0), readFiles: kib(0), refaultShare: 0, stalled: 0, busy: 0 },
    exitPerGiB: scale(script.onExit.perGiB, jitter(random, exitSpread)),
    isStopped: false,
    isDying: false,
    leavesAt: script.endsAt,
    isAcquainted: false,
  };
  mm.users.add(process);
  mm.owner ??= process;
  return process;
}

/** @see include/linux/sched.h: TASK_COMM_LEN */
const cutComm = (name: string): string => new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, 15));

/** It can do something of its own. */
export const isRunning = (process: SimulatedProcess): boolean =>
  !(process.isStopped || process.isDying || process.isKernelThread);

/** Everybody who could still touch this memory is dying: the condition for taking it away. @see mm/oom_kill.c: task_will_free_mem */
export function isOnItsWayOut(mm: Mm): boolean {
  for (const user of mm.users) if (!user.isDying) return false;
  return true;
}
