import { makeBell } from "#native-bindings/eventfd.ts";
import { pollAside, type Readiness, type Watched } from "#native-bindings/poll.ts";
import { ignore } from "./failure.ts";

/** A descriptor, and what it means when there is something about it. */
export interface Watch extends Watched {
  /** Keeps the descriptor open while a thread polls it. */
  readonly lend?: () => Disposable;
  /** False: it is not to be watched any more. */
  readonly heed: (readiness: Exclude<Readiness, "idle">) => boolean;
}

/** Watches descriptors on a thread of the pool. */
export interface Poller extends Disposable {
  /** Sees to it that a poll is under way, if there is anything to be watched. */
  start(): void;
  /** Replaces all that is watched. */
  watch(watches: readonly Watch[]): void;
}

/**
 * One `poll` blocks for as long as the same descriptors are to be watched, however many waits that are: while nothing
 * happens it costs nothing. A bell among the descriptors ends it when they change.
 */
export function makePoller(onDisposed: () => void): Poller {
  const bell = makeBell();
  const listen: Watch = {
    fd: bell.fd,
    until: "readable",
    heed() {
      bell.silence();
      return true;
    },
  };
  let watches: readonly Watch[] = [];
  let isPolling = false;
  let isDisposed = false;

  const heedAll = (polled: readonly Watch[], readiness: readonly Readiness[]): void => {
    for (const [index, watch] of polled.entries()) {
      const state = readiness[index] ?? "idle";
      if (state !== "idle" && !watch.heed(state)) watches = watches.filter((other) => other !== watch);
    }
  };

  const closeAll = (): void => {
    bell[Symbol.dispose]();
    onDisposed();
  };

  const pollOnce = async (): Promise<void> => {
    const polled = [listen, ...watches];
    const loans = polled.map(({ lend }) => lend?.());
    isPolling = true;
    try {
      const readiness = await pollAside(polled);
      if (!isDisposed) heedAll(polled, readiness);
    } finally {
      isPolling = false;
      for (const loan of loans) loan?.[Symbol.dispose]();
      if (isDisposed) closeAll();
    }
  };

  const start = (): void => {
    const isNeeded = !isPolling && !isDisposed && watches.length > 0;
    if (!isNeeded) return;
    pollOnce().then(start, (error) => ignore(error, "the next wait starts it again, and looks go on without it"));
  };

  return {
    start,
    watch(replacement) {
      watches = replacement;
      if (isPolling) bell.ring();
    },
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (isPolling) bell.ring();
      else closeAll();
    },
  };
}
