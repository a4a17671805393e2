import { makeBell } from "#native-bindings/eventfd.ts";
import { pollAside, type Readiness, type Watched } from "#native-bindings/poll.ts";
import { makeVigil, type Vigil, type VigilEnding, type VigilOrder } from "#native-bindings/vigil.ts";
import { ignore } from "./failure.ts";

/** A descriptor, and what it means when there is something about it. */
export interface Watch extends Watched {
  /** Keeps the descriptor open while a thread polls it. */
  readonly lend?: () => Disposable;
  /** False: it is not to be watched any more. */
  readonly heed: (readiness: Exclude<Readiness, "idle">) => boolean;
}

/** What is checked while the same is watched. */
export type Checks = Omit<VigilOrder, "watched">;

/** Watches descriptors on a thread of the pool. */
export interface Poller extends Disposable {
  /** Sees to it that a poll is under way from now on, if there is anything to be watched. */
  start(): void;
  /** Ends the poll under way, or the vigil, without a word about why; resolves when there is none. */
  stop(): Promise<void>;
  /** Replaces all that is watched. */
  watch(watches: readonly Watch[]): void;
  /** False: this machine does not let us check anything meanwhile. */
  readonly canKeepVigil: boolean;
  /** Watches the same, and makes checks meanwhile, until one of both has something to tell. Nothing else may be under way. */
  keepVigil(checks: Checks): Promise<Omit<VigilEnding, "readiness">>;
}

/**
 * One `poll` blocks for as long as the same descriptors are to be watched, however many waits that are: while nothing
 * happens it costs nothing. A bell among the descriptors ends it when they change.
 */
export function makePoller(onDisposed: () => void): Poller {
  const bell = makeBell();
  const vigil = makeVigilIfAllowed();
  const listen: Watch = {
    fd: bell.fd,
    until: "readable",
    heed() {
      bell.silence();
      return true;
    },
  };
  let watches: readonly Watch[] = [];
  let isWanted = false;
  let isPolling = false;
  let ended: Promise<unknown> = Promise.resolve();
  let isDisposed = false;

  const heedAll = (polled: readonly Watch[], readiness: readonly Readiness[]): void => {
    for (const [index, watch] of polled.entries()) {
      const state = readiness[index] ?? "idle";
      if (state !== "idle" && !watch.heed(state)) watches = watches.filter((other) => other !== watch);
    }
  };

  const closeAll = (): void => {
    bell[Symbol.dispose]();
    vigil?.[Symbol.dispose]();
    onDisposed();
  };

  type Polled = Pick<VigilEnding, "readiness">;
  const poll = async <T extends Polled>(wait: (polled: readonly Watch[]) => Promise<T>): Promise<T> => {
    const polled = [listen, ...watches];
    const loans = polled.map(({ lend }) => lend?.());
    isPolling = true;
    try {
      const ending = await wait(polled);
      isPolling = false;
      if (!isDisposed) heedAll(polled, ending.readiness);
      return ending;
    } finally {
      isPolling = false;
      for (const loan of loans) loan?.[Symbol.dispose]();
      if (isDisposed) closeAll();
    }
  };

  const ring = (): void => {
    if (isPolling) bell.ring();
  };

  const pollOn = (): void => {
    if (!isWanted || isPolling || isDisposed || watches.length === 0) return;
    ended = poll(async (polled) => ({ readiness: await pollAside(polled) })).then(pollOn, (error) =>
      ignore(error, "the next wait starts it again, and looks go on without it"),
    );
  };

  return {
    start() {
      isWanted = true;
      pollOn();
    },
    async stop() {
      isWanted = false;
      ring();
      await ended;
    },
    watch(replacement) {
      watches = replacement;
      ring();
    },
    canKeepVigil: vigil !== undefined,
    keepVigil(checks) {
      if (vigil === undefined || isDisposed) return Promise.resolve(failed);
      const kept = poll((watched) => vigil.keep({ ...checks, watched })).catch((error) => {
        ignore(error, "whoever asked for it looks instead");
        return failed;
      });
      ended = kept;
      return kept;
    },
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (isPolling) bell.ring();
      else closeAll();
    },
  };
}

const failed = { why: "failed", last: undefined } as const;

function makeVigilIfAllowed(): Vigil | undefined {
  try {
    return makeVigil();
  } catch (error) {
    return ignore(error, "without it every look that is due is made");
  }
}
