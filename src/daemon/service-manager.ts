import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import {
  add,
  atLeast,
  type Microseconds,
  type Milliseconds,
  microsecondsToMilliseconds,
  scale,
  seconds,
} from "#domain/units.ts";
import { describeStanding, type Standing } from "#journal/standing.ts";
import type { Messenger } from "#native-bindings/datagram.ts";

/** What a service manager is told of us, and what it expects. */
export interface ServiceManager extends Disposable {
  /** After each look that was decided upon, and after nothing else: a loop that is stuck is not fed. */
  feed(standing: Standing): void;
  /** The settings are about to be read anew. */
  reloading(): void;
  /** They are in force, or refused: the next look says that this is over. */
  reloaded(): void;
  stopping(): void;
  /** The next look must come by then, or the watchdog would go hungry. Undefined: there is none. */
  readonly hungryAt: Milliseconds | undefined;
}

/** What telling a service manager needs of its surroundings. */
export interface ServiceManagerOptions {
  readonly messenger: Messenger;
  /** After so long without food the manager ends us. */
  readonly watchdog: Microseconds | undefined;
  readonly now: () => Milliseconds;
  /** CLOCK_MONOTONIC, as the manager reads it. */
  readonly monotonic: () => Microseconds;
  /** Is told of every message that nobody took. */
  readonly complain: (failure: SystemFailure) => void;
}

/** As sd_watchdog_enabled(3) advises. */
const margin = 1 / 2;
/** While nothing changes but figures, nobody needs them more often. */
const statusEvery = seconds(60);

/**
 * Speaks with whoever started us, in the words of sd_notify(3). No message is waited for: what the manager does not take now
 * is said again at the next look, as things stand then.
 */
export function speakTo({ messenger, watchdog, now, monotonic, complain }: ServiceManagerOptions): ServiceManager {
  const unsaid = new Map<string, string>();
  const every = watchdog === undefined ? undefined : scale(microsecondsToMilliseconds(watchdog), margin);
  let fedAt = now();
  let saidAt = now();
  let said: Standing | undefined;
  let isReady = false;
  let isReloading = false;

  const say = (): void => {
    if (unsaid.size === 0) return;
    const message = [...unsaid].map(([name, value]) => `${name}=${value}`).join("\n");
    if (isDoneWith(messenger, message, complain)) unsaid.clear();
  };

  const isNews = (standing: Standing): boolean =>
    said?.alarm !== standing.alarm ||
    said?.kills !== standing.kills ||
    said?.low !== standing.low ||
    atLeast(now(), add(saidAt, statusEvery));

  const sayStanding = (standing: Standing): void => {
    unsaid.set("STATUS", describeStanding(standing));
    said = standing;
    saidAt = now();
  };

  return {
    feed(standing) {
      if (!isReady && !isReloading) {
        for (const word of ["RELOADING", "MONOTONIC_USEC"]) unsaid.delete(word);
        unsaid.set("READY", "1");
        isReady = true;
      }
      if (isNews(standing)) sayStanding(standing);
      if (every !== undefined && atLeast(now(), add(fedAt, every))) {
        unsaid.set("WATCHDOG", "1");
        fedAt = now();
      }
      say();
    },
    reloading() {
      unsaid.delete("READY");
      unsaid.set("RELOADING", "1");
      unsaid.set("MONOTONIC_USEC", String(monotonic()));
      isReady = false;
      isReloading = true;
      say();
    },
    reloaded() {
      isReloading = false;
    },
    stopping() {
      unsaid.clear();
      unsaid.set("STOPPING", "1");
      unsaid.set("STATUS", "Goodbye: nobody watches memory now");
      say();
    },
    get hungryAt() {
      return every === undefined ? undefined : add(fedAt, every);
    },
    [Symbol.dispose]: () => messenger[Symbol.dispose](),
  };
}

/** Whether the message is done with: taken, or for a manager that has gone and takes nothing more. */
function isDoneWith(messenger: Messenger, message: string, complain: (failure: SystemFailure) => void): boolean {
  try {
    return messenger.send(message);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    complain(error);
    return true;
  }
}
