import type { Identity } from "#domain/identity.ts";
import { add, type KiB, kib, least, lessened, type Milliseconds, type Pid, scale } from "#domain/units.ts";
import { type Growth, planGrowth } from "./growth.ts";
import type { SettledScript } from "./process-script.ts";
import type { Program } from "./programs.ts";
import { jitter, type Random } from "./random.ts";
import { type Stream, startStream } from "./stream.ts";
import { startWakes, type Wakes, wakeRateOf } from "./wakes.ts";
import { emptySet, missingOf, sizeOf, type WorkingSet } from "./working-set.ts";

const nothing = kib(0);

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
  /** Anonymous memory its processes go through. */
  readonly hot: WorkingSet;
  /** Anonymous memory that only lies there. */
  readonly idle: WorkingSet;
  /** The program it runs, which others may run as well. Undefined: one whose text does not matter. */
  readonly program: Program | undefined;
  readonly files: WorkingSet;
  /** Those that are its own: all but the program. */
  readonly sets: readonly WorkingSet[];
  /** Its last user is exiting: it can be seen no more, and comes back. */
  isDetached: boolean;
  reaping: Reaping | undefined;
  isReaped: boolean;
}

/** How a process fared in one step of time. */
export interface Fortune {
  /** New anonymous memory it was given. */
  grown: KiB;
  /** Share of the step it was stalled on memory. */
  stalled: number;
  /** Share of the step it waited for a disk, be it for something it had before or not. */
  atDisks: number;
  /** Share of the step it would have worked, had nothing stopped it. */
  busy: number;
}

/** One process, alive or on its way out. */
export interface SimulatedProcess {
  readonly identity: Identity;
  /** Where it stands among all processes, in the order of their start. */
  place: number;
  /** Steps visit it; undone when there is nothing for it to do. */
  isRoused: boolean;
  /** Its name as the kernel keeps it: 15 bytes, which may cut a character in half. */
  readonly comm: string;
  /** Whoever started it, or init once that one has gone. */
  parent: Pid | undefined;
  /** Those it is the parent of now. */
  readonly children: Set<SimulatedProcess>;
  readonly isKernelThread: boolean;
  /** One of those that another process starts one after the other. */
  readonly isChild: boolean;
  readonly script: SettledScript;
  readonly mm: Mm;
  readonly growth: Growth;
  readonly fortune: Fortune;
  readonly reads: Stream | undefined;
  readonly writes: Stream | undefined;
  /** Undefined: nobody sits before it. */
  readonly wakes: Wakes | undefined;
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
  readonly place: number;
  readonly at: Milliseconds;
  /** Another process of the scenario starts it, of those it starts one after the other. */
  readonly isChild?: boolean;
  readonly isKernelThread?: boolean;
  /** Whose memory it uses. */
  readonly sharesWith?: SimulatedProcess;
  readonly program?: Program | undefined;
  /** Nothing of its files has been read yet. */
  readonly isCold?: boolean;
}

/** How much two equal processes differ in how fast they die. */
const exitSpread = 0.15;

/** Makes a process; one that is there from the beginning has its memory in place. */
export function makeProcess(birth: Birth, random: Random): SimulatedProcess {
  const { identity, parent, script, place, at, isKernelThread = false, isChild = false, sharesWith } = birth;
  const mm = sharesWith?.mm ?? makeMm(birth);
  const endsAt = script.endsAt ?? (script.lasts === undefined ? undefined : add(at, script.lasts));
  const process: SimulatedProcess = {
    identity,
    place,
    isRoused: false,
    comm: cutComm(script.name),
    parent,
    children: new Set(),
    isKernelThread,
    isChild,
    script,
    mm,
    growth: planGrowth(script),
    fortune: { grown: nothing, stalled: 0, atDisks: 0, busy: 0 },
    reads: startStream(script.reads),
    writes: startStream(script.writes),
    wakes: script.isInteractive ? startWakes(at) : undefined,
    exitPerGiB: scale(script.onExit.perGiB, jitter(random, exitSpread)),
    isStopped: false,
    isDying: false,
    leavesAt: endsAt,
    isAcquainted: false,
  };
  mm.users.add(process);
  mm.owner ??= process;
  return process;
}

function makeMm({ script, isCold = false, program }: Birth): Mm {
  const hot = emptySet("anon", add(script.touchesPerSecond, wakeRateOf(script)));
  const idle = emptySet("anon");
  const files = emptySet("file", script.files?.perSecond ?? nothing);
  const mm: Mm = {
    owner: undefined,
    users: new Set(),
    hot,
    idle,
    program,
    files,
    sets: [idle, ...(hot.touchesPerSecond > 0 ? [hot] : []), ...(script.files === undefined ? [] : [files])],
    isDetached: false,
    reaping: undefined,
    isReaped: false,
  };
  if (script.startsAt === 0) grow({ script, mm }, script.anon);
  files[isCold || script.startsAt > 0 ? "unread" : "active"] = script.files?.size ?? nothing;
  return mm;
}

/** Gives a process new anonymous memory: first what it will go through, then what only lies there. */
export function grow({ script, mm }: Pick<SimulatedProcess, "script" | "mm">, amount: KiB): void {
  const isTouched = mm.hot.touchesPerSecond > 0;
  const hot = isTouched
    ? least(amount, lessened(script.hot ?? amount, script.hot === undefined ? nothing : sizeOf(mm.hot)))
    : nothing;
  // New anonymous pages begin on the inactive list since Linux 5.9; who uses them is found out when reclaim comes by.
  mm.hot.inactive = add(mm.hot.inactive, hot);
  mm.idle.inactive = add(mm.idle.inactive, lessened(amount, hot));
}

/** Cut to 15 bytes, which five UTF-16 units never exceed. @see include/linux/sched.h: TASK_COMM_LEN */
const cutComm = (name: string): string =>
  name.length <= 5 ? name : new TextDecoder().decode(new TextEncoder().encode(name).subarray(0, 15));

/** It can do something of its own. */
export const isRunning = (process: SimulatedProcess): boolean =>
  !(process.isStopped || process.isDying || process.isKernelThread);

/** Whether it is still there, be it on its way out. */
export const isThere = (process: SimulatedProcess): boolean => process.mm.users.has(process);

/** Whether it goes through memory of its own, of files or of its program: reclaim may take what it works on. */
export const isWorker = ({ script, wakes }: SimulatedProcess): boolean =>
  script.touchesPerSecond > 0 || script.text > 0 || script.files !== undefined || wakes !== undefined;

/** Whether it misses memory it works on, so that its next steps depend on the disks. */
export const isMissingMemory = (process: SimulatedProcess): boolean => {
  if (!isRunning(process)) return false;
  const { mm, wakes } = process;
  return (
    wakes?.since !== undefined ||
    isMissed(mm.hot) ||
    isMissed(mm.files) ||
    (mm.program !== undefined && isMissed(mm.program.text))
  );
};

const isMissed = (set: WorkingSet): boolean => set.touchesPerSecond > 0 && missingOf(set) > 0;

/** Everybody who could still touch this memory is dying: the condition for taking it away. @see mm/oom_kill.c: task_will_free_mem */
export function isOnItsWayOut(mm: Mm): boolean {
  for (const user of mm.users) if (!user.isDying) return false;
  return true;
}
