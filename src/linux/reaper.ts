import type { SystemFailure } from "#domain/system-error.ts";
import { add, atLeast, type Milliseconds, milliseconds, subtract } from "#domain/units.ts";
import type { ReapReport } from "#domain/victim-report.ts";
import type { KillBatch, RunningKill } from "#native-bindings/kill-batch.ts";
import { pauseThread } from "#native-bindings/pause.ts";
import { type Release, releaseMemoryAside } from "#native-bindings/pidfd.ts";
import { ignore } from "./failure.ts";
import { signalAll, type Victim } from "./victim.ts";

/** Gives the memory of victims back, on threads of the pool. What becomes of it is in `victim.reap`. */
export interface Reaper extends Disposable {
  /** SIGKILL to all, which have it when this returns, and `process_mrelease`. A failure to signal that is known already is returned. */
  killAtOnce(victim: Victim): SystemFailure | undefined;
  /** `process_mrelease` of a victim that has its SIGKILL. */
  reap(victim: Victim): void;
}

/** What reaping needs of its surroundings. */
export interface ReaperOptions {
  readonly now: () => Milliseconds;
  /** Undefined: two calls of one thread are not to be had on this machine. */
  readonly batch: KillBatch | undefined;
  readonly hasProcessMrelease: boolean;
  /** Signals those who were found to share the memory of a victim only now. */
  readonly killNewSharers: (victim: Victim) => void;
  /** A victim's reaping has come to an end. */
  readonly tell: () => void;
}

/** libuv has four threads; one waits for the kernel, and one is kept free for everything else. */
const mostAtOnce = 2;
/** As often and as far apart as the kernel's own reaper. @see mm/oom_kill.c: MAX_OOM_REAP_RETRIES, oom_reap_task */
const attempts = 10;
const pause = milliseconds(100);
/** A thread that is free has begun by then; the victim must not live on because all are busy, or none gets a processor. */
const patience = milliseconds(2);
/** As short as the kernel's timers are for us (prctl(2), PR_SET_TIMERSLACK). */
const glance = milliseconds(0.05);

interface Attempt {
  readonly victim: Victim;
  readonly since: Milliseconds;
  readonly count: number;
  /** It was said not to be dying, and those who share its memory were looked for again. */
  readonly hasLookedAgain: boolean;
}

/** A reaper with nothing under way. */
export function makeReaper({ now, batch, hasProcessMrelease, killNewSharers, tell }: ReaperOptions): Reaper {
  let underWay = 0;
  let isDisposed = false;

  /** Runs a call that uses the descriptors of a victim on a thread: none of them is closed before it is back. */
  const lendOut = async <T>({ holds }: Victim, call: () => Promise<T>): Promise<T> => {
    const loans = holds.map(({ descriptor }) => descriptor?.lend());
    underWay++;
    try {
      return await call();
    } finally {
      underWay--;
      for (const loan of loans) loan?.[Symbol.dispose]();
    }
  };

  const conclude = (victim: Victim, reap: ReapReport): void => {
    victim.reap = reap;
    tell();
  };

  const tryLater = (attempt: Attempt): void => {
    setTimeout(() => release(attempt), pause).unref();
  };

  const settle = (attempt: Attempt, result: Release): void => {
    const { victim, count } = attempt;
    if (victim.isReleased || isDisposed) return;
    const next = weigh(attempt, result, now());
    if (next === "try-later") tryLater({ ...attempt, count: count + 1 });
    else if (next === "look-again") {
      killNewSharers(victim);
      release({ ...attempt, hasLookedAgain: true });
    } else conclude(victim, next);
  };

  const release = (attempt: Attempt): void => {
    const { victim } = attempt;
    const descriptor = victim.holds[0].descriptor;
    if (victim.isReleased || isDisposed) return;
    if (descriptor === undefined || !hasProcessMrelease) conclude(victim, { kind: "unsupported" });
    else if (underWay >= mostAtOnce) tryLater(attempt);
    else void lendOut(victim, () => releaseMemoryAside(descriptor.pidfd)).then((result) => settle(attempt, result));
  };

  const begin = (victim: Victim): Attempt => {
    const since = now();
    victim.reap = { kind: "under-way", since };
    return { victim, since, count: 1, hasLookedAgain: false };
  };

  const startBatch = (pidfds: Parameters<KillBatch["start"]>[0]): RunningKill | undefined => {
    try {
      return batch?.start(pidfds);
    } catch (error) {
      return ignore(error, "the signal is sent from this thread, and the reaping has attempts of its own");
    }
  };

  const follow = (victim: Victim, kill: RunningKill): void => {
    const attempt = begin(victim);
    void lendOut(victim, () => kill.result).then(({ signalFailure, release: result }) => {
      settle(attempt, signalFailure === undefined ? result : { kind: "failed", failure: signalFailure });
    });
    // What refuses this signal refuses that of the thread as well, which tells.
    if (!hasBegunBy(kill, add(attempt.since, patience))) signalAll(victim, "SIGKILL");
  };

  /** A thread that was woken may stand in line for the very processor that we are on. */
  const hasBegunBy = (kill: RunningKill, deadline: Milliseconds): boolean => {
    while (!kill.hasBegun()) {
      if (atLeast(now(), deadline)) return false;
      pauseThread(glance);
    }
    return true;
  };

  return {
    killAtOnce(victim) {
      const [first, ...others] = victim.holds.map(({ descriptor }) => descriptor?.pidfd);
      const known = others.filter((pidfd) => pidfd !== undefined);
      const canBatch = first !== undefined && known.length === others.length && underWay < mostAtOnce;
      const kill = canBatch ? startBatch([first, ...known]) : undefined;
      if (kill !== undefined) {
        follow(victim, kill);
        return undefined;
      }
      const failure = signalAll(victim, "SIGKILL");
      // With the threads busy the reaping waits for one of them; a healthy victim gives its memory back meanwhile.
      if (failure === undefined) release(begin(victim));
      return failure;
    },
    reap: (victim) => release(begin(victim)),
    [Symbol.dispose]() {
      isDisposed = true;
      batch?.[Symbol.dispose]();
    },
  };
}

/** What follows from an answer of the kernel. */
function weigh(
  { since, count, hasLookedAgain }: Attempt,
  result: Release,
  now: Milliseconds,
): ReapReport | "try-later" | "look-again" {
  switch (result.kind) {
    case "released":
      return { kind: "released", took: subtract(now, since) };
    case "detached":
      return { kind: "exiting-by-itself" };
    case "unsupported":
      return { kind: "unsupported" };
    case "incomplete":
      return count < attempts ? "try-later" : { kind: "stuck", failure: result.failure };
    case "not-dying":
      return hasLookedAgain ? { kind: "stuck", failure: result.failure } : "look-again";
    case "failed":
      return { kind: "stuck", failure: result.failure };
  }
}
