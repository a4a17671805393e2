import type { Signal } from "#domain/decision.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { Pid, Pidfd } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import type { Delivery } from "./kill.ts";
import { signalNumbers } from "./signals.ts";
import { callKernel, callKernelAside, type SyscallResult } from "./syscall.ts";

/**
 * That there is no process of this id: nobody at all, or the id is that of a thread by now (ENOENT in 6.18, EINVAL until 6.12, which
 * has no other reason for it without flags and with a positive pid).
 * @see v6.12 kernel/fork.c: pidfd_prepare; v6.18 kernel/fork.c: pidfd_prepare
 */
const nobody = ["ESRCH", "ENOENT", "EINVAL"];

/**
 * A descriptor of a process, close-on-exec: what it names never changes, even when the pid is given away.
 * Undefined: there is no such process.
 * @throws SystemError
 * @since Linux 5.3
 */
export function openPidfd(pid: Pid): Pidfd | undefined {
  const result = callKernel("pidfd_open", [pid, 0]);
  if ("value" in result) return result.value as Pidfd;
  const name = errnoName(result.errno);
  if (nobody.includes(name)) return undefined;
  throw refusal("pidfd_open", result.errno, `pid ${pid}`);
}

/**
 * Signals exactly the process the descriptor names. A zombie takes it without effect.
 * @throws SystemError
 * @since Linux 5.1
 */
export function sendSignal(pidfd: Pidfd, signal: Signal): Delivery {
  return deliver(pidfd, signalNumbers[signal]);
}

/** Whether a signal would be delivered, without one: the kernel checks rights and presence, and stops there. @throws SystemError */
export const probeSignal = (pidfd: Pidfd): Delivery => deliver(pidfd, 0);

/** linux/pidfd.h: PIDFD_SIGNAL_PROCESS_GROUP */
const toProcessGroup = 1 << 2;

/**
 * Signals the process group that the process of the descriptor leads or led, and nobody else, even when the pid is given away.
 * @throws SystemError EINVAL before Linux 6.9
 * @since Linux 6.9
 */
export const sendSignalToGroup = (pidfd: Pidfd, signal: Signal): Delivery =>
  deliver(pidfd, signalNumbers[signal], toProcessGroup);

function deliver(pidfd: Pidfd, signal: number, flags = 0): Delivery {
  const result = callKernel("pidfd_send_signal", [pidfd, signal, 0, flags]);
  if ("value" in result) return "sent";
  if (errnoName(result.errno) === "ESRCH") return "gone";
  throw refusal("pidfd_send_signal", result.errno, `pidfd ${pidfd}`);
}

/** What `process_mrelease` came to. @see KERNEL: mm/oom_kill.c: process_mrelease */
export type Release =
  | { readonly kind: "released" }
  /** The victim has let go of its memory: it is giving it back by itself. */
  | { readonly kind: "detached" }
  /** Not all could be reaped: to be tried again. */
  | { readonly kind: "incomplete"; readonly failure: SystemFailure }
  /** Not dying, or its memory is shared with a process that is not. */
  | { readonly kind: "not-dying"; readonly failure: SystemFailure }
  | { readonly kind: "unsupported" }
  | { readonly kind: "failed"; readonly failure: SystemFailure };

/** Gives the memory of a dying process back, in this thread: it can block for as long as a lock of the victim is held. @since Linux 5.15 */
export const releaseMemory = (pidfd: Pidfd): Release => releaseOf(callKernel("process_mrelease", [pidfd, 0]), pidfd);

/** The same on a thread of the pool. The descriptor must stay open until the answer has come. */
export const releaseMemoryAside = async (pidfd: Pidfd): Promise<Release> =>
  releaseOf(await callKernelAside("process_mrelease", [pidfd, 0]), pidfd);

/** Reads the result of a `process_mrelease` of whatever way it was made. */
export function releaseOf(result: SyscallResult, pidfd: Pidfd): Release {
  if ("value" in result) return { kind: "released" };
  const failure = refusal("process_mrelease", result.errno, `pidfd ${pidfd}`);
  switch (failure.errno) {
    case "ESRCH":
      return { kind: "detached" };
    case "EAGAIN":
    case "EINTR":
      return { kind: "incomplete", failure };
    case "EINVAL":
      return { kind: "not-dying", failure };
    case "ENOSYS":
      return { kind: "unsupported" };
    default:
      return { kind: "failed", failure };
  }
}
