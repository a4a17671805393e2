import type { Signal } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import { oomScoreAdjMin } from "#domain/units.ts";
import { type Delivery, killByPid } from "#native-bindings/kill.ts";
import { openPidfd, probeSignal, sendSignal } from "#native-bindings/pidfd.ts";
import { pollNow } from "#native-bindings/poll.ts";
import { failureOf } from "./failure.ts";
import { isUntouchable } from "./guard.ts";
import type { ProcessFiles } from "./process-files.ts";
import { readOomScoreAdj, readStat } from "./process-reader.ts";
import { ownPidfd, type SharedPidfd } from "./shared-pidfd.ts";

/** Nothing was signalled, and why. */
export type Refusal = Extract<Outcome, { kind: "refused" }>;

/** A process that may be signalled, and is for certain the one that was decided upon. */
export interface ProcessHold extends Disposable {
  readonly kind: "hold";
  readonly identity: Identity;
  /** Undefined: none was to be had, and the process is known by its start time alone. */
  readonly descriptor: SharedPidfd | undefined;
  /** @throws SystemError */
  send(signal: Signal): Delivery;
  /** Whether a signal would be delivered. @throws SystemError */
  probe(): Delivery;
  /** Every thread has ended. */
  hasExited(): boolean;
}

/** What it takes to get hold of a process. */
export interface HoldMeans {
  /** Readable to the last descriptor, or beyond it: the process that is held may have taken that. */
  readonly files: ProcessFiles;
}

/**
 * What says that we cannot have a pidfd, not that there is no process: kill(2) has to do then. The kernel never says EPERM
 * here; a filter that does not know the call does (SystemCallFilter of systemd, containers).
 */
const lackingPidfds = ["EMFILE", "ENFILE", "ENOMEM", "ENOSYS", "EPERM"];

/**
 * Takes hold of a process, or says why not.
 *
 * The descriptor is opened before the identity is read: if the start time is the expected one now, the descriptor is
 * that of the expected process, and stays so whatever becomes of the pid.
 *
 *     we                                  the rest of the world
 *                                         victim exits, its pid is given to a newcomer
 *     pidfd_open(pid)  → the newcomer
 *     read stat        → another start time: refused
 */
export function holdProcess(identity: Identity, { files }: HoldMeans): ProcessHold | Refusal {
  let hold: ProcessHold | undefined;
  try {
    hold = openHold(identity, files);
    const why = hold === undefined ? "gone" : objectionTo(identity, files);
    if (hold !== undefined && why === undefined) return hold;
    hold?.[Symbol.dispose]();
    return refuse(why ?? "gone");
  } catch (error) {
    hold?.[Symbol.dispose]();
    return { kind: "refused", why: "failed", failure: failureOf(error, `pid ${identity.pid}`) };
  }
}

/** A refusal that no system call is to blame for. */
export const refuse = (why: Refusal["why"]): Refusal => ({ kind: "refused", why });

function openHold(identity: Identity, files: ProcessFiles): ProcessHold | undefined {
  try {
    const pidfd = openPidfd(identity.pid);
    return pidfd === undefined ? undefined : holdByPidfd(identity, ownPidfd(pidfd));
  } catch (error) {
    if (!lackingPidfds.includes(failureOf(error, "a pidfd").errno)) throw error;
    return holdByStartTime(identity, files);
  }
}

/** Why a process must not be signalled, whoever holds it. @throws SystemError, ParseError */
export function objectionTo(identity: Identity, files: ProcessFiles): Refusal["why"] | undefined {
  if (isUntouchable(identity.pid, files)) return "became-protected";
  const stat = readStat(files, identity.pid);
  if (stat === undefined) return "gone";
  if (stat.identity.startTicks !== identity.startTicks) return "identity-changed";
  if (stat.isKernelThread) return "became-protected";
  const adj = readOomScoreAdj(files, identity.pid);
  if (adj === undefined) return "gone";
  return adj === oomScoreAdjMin ? "became-protected" : undefined;
}

function holdByPidfd(identity: Identity, descriptor: SharedPidfd): ProcessHold {
  const { pidfd } = descriptor;
  return {
    kind: "hold",
    identity,
    descriptor,
    send: (signal) => sendSignal(pidfd, signal),
    probe: () => probeSignal(pidfd),
    hasExited: () => pollNow([{ fd: pidfd, until: "readable" }])[0] !== "idle",
    [Symbol.dispose]: () => descriptor[Symbol.dispose](),
  };
}

/** The second best: between the look at the start time and kill(2) lies a moment in which the pid may change hands. */
function holdByStartTime(identity: Identity, files: ProcessFiles): ProcessHold {
  const hasExited = (): boolean => {
    const stat = readStat(files, identity.pid);
    if (stat?.identity.startTicks !== identity.startTicks) return true;
    return stat.state === "dead" || (stat.state === "zombie" && stat.threads <= 1);
  };
  return {
    kind: "hold",
    identity,
    descriptor: undefined,
    send: (signal) => (hasExited() ? "gone" : killByPid(identity.pid, signal)),
    probe: () => (hasExited() ? "gone" : "sent"),
    hasExited,
    [Symbol.dispose]: () => undefined,
  };
}
