import type { SystemFailure } from "#domain/system-error.ts";
import { SystemError } from "#domain/system-error.ts";
import { type Microseconds, type Milliseconds, microseconds } from "#domain/units.ts";
import { type Messenger, openMessenger } from "#native-bindings/datagram.ts";
import { adviceFor } from "#native-bindings/errno-advice.ts";
import { type ServiceManager, speakTo } from "./service-manager.ts";

/** What a service manager leaves in the environment of what it starts. @see sd_notify(3), sd_watchdog_enabled(3) */
export interface ServiceEnvironment {
  readonly socket: string | undefined;
  readonly watchdogUsec: string | undefined;
  /** Whom the watchdog is for: a child of ours inherits the rest. */
  readonly watchdogPid: string | undefined;
}

/** What looking for one needs of its surroundings. */
export interface FindingOptions {
  readonly environment: ServiceEnvironment;
  readonly now: () => Milliseconds;
  readonly complain: (failure: SystemFailure) => void;
}

/** Whoever started us and wants to hear of us; undefined: nobody, or none that can be spoken to. */
export function findServiceManager({ environment, now, complain }: FindingOptions): ServiceManager | undefined {
  const { socket } = environment;
  const messenger = socket === undefined || socket === "" ? undefined : openIfPossible(socket, complain);
  if (messenger === undefined) return undefined;
  return speakTo({ messenger, watchdog: watchdogOf(environment), now, monotonic, complain });
}

function openIfPossible(address: string, complain: (failure: SystemFailure) => void): Messenger | undefined {
  try {
    return openMessenger(address);
  } catch (error) {
    complain(error instanceof SystemError ? error : unsupported(error, address));
    return undefined;
  }
}

/** Of a kind we do not speak to: `vsock:` leads out of a virtual machine. */
function unsupported(error: unknown, address: string): SystemFailure {
  if (!(error instanceof RangeError)) throw error;
  const [call, errno] = ["socket", "EAFNOSUPPORT"];
  return { call, errno, subject: address, advice: adviceFor(call, errno) };
}

function watchdogOf({ watchdogUsec, watchdogPid }: ServiceEnvironment): Microseconds | undefined {
  const isOurs = watchdogPid === undefined || Number(watchdogPid) === process.pid;
  const period = Number(watchdogUsec ?? Number.NaN);
  return isOurs && Number.isSafeInteger(period) && period > 0 ? microseconds(period) : undefined;
}

/** The very clock the manager reads: libuv takes CLOCK_MONOTONIC for it. */
const monotonic = (): Microseconds => microseconds(Number(process.hrtime.bigint() / 1000n));
