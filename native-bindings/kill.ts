import type { Signal } from "#domain/decision.ts";
import type { Pid } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { signalNumbers } from "./signals.ts";

/** What became of a signal. `gone`: nobody was there to take it. */
export type Delivery = "sent" | "gone";

const kill = declare<(pid: number, signal: number) => number>("int kill(int pid, int signal)");

/**
 * Signals a pid, which names whoever has it now: only for want of a pidfd, right after a check of the identity.
 * @throws SystemError
 */
export function killByPid(pid: Pid, signal: Signal): Delivery {
  if (kill()(pid, signalNumbers[signal]) === 0) return "sent";
  const errno = lastErrno();
  if (errnoName(errno) === "ESRCH") return "gone";
  throw refusal("kill", errno, `pid ${pid}`);
}

/**
 * Signals a process group by its number: for want of {@link sendSignalToGroup}, and only while its leader is a child of ours
 * that was not waited for, since its pid cannot be given away then.
 * @throws SystemError
 */
export function killGroupByPid(leader: Pid, signal: Signal): Delivery {
  if (kill()(-leader, signalNumbers[signal]) === 0) return "sent";
  const errno = lastErrno();
  if (errnoName(errno) === "ESRCH") return "gone";
  throw refusal("kill", errno, `process group ${leader}`);
}
