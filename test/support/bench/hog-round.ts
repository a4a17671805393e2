import { join } from "node:path";
import { type KiB, kib, kibToMiB } from "#domain/units.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { type ProgramChild, startProgram } from "./program-child.ts";

/** The hog of one round. */
export interface HogWish {
  readonly size: KiB;
  /** What it takes after the word, as fast as it can. */
  readonly left: KiB;
  readonly beyond: KiB;
  readonly uid: number;
  /** It is observed for so long. */
  readonly limitSeconds: number;
  /** What it does after the word: grow, be busy, or be busy with the lowest of priorities (SCHED_IDLE). */
  readonly onceLoose: "grow" | "spin" | "starve";
}

/** What an observer saw of its end; nanoseconds of CLOCK_MONOTONIC, null what it did not see. */
export interface HogEnd {
  readonly crossed: number | null;
  readonly signalled: number | null;
  readonly exited: number | null;
  readonly back: number | null;
  readonly held_kib: number;
  /** How far below the threshold memory was when it was signalled. */
  readonly past_kib: number | null;
  /** How fast memory fell in the tenth of a second before the crossing. */
  readonly mib_per_s: number | null;
  /** How long the observer saw nothing at most, from the crossing to the end. */
  readonly blind_ns: number;
}

/** What a daemon compares MemAvailable with. */
export interface Threshold {
  readonly amount: KiB;
  /** user: it compares shares, of user memory (MemAvailable and AnonPages) with what the amount is of MemTotal. */
  readonly base: "absolute" | "user";
}

/** A hog and its observer, filled but for the rest. */
export interface HogRound extends AsyncDisposable {
  readonly pid: number;
  readonly available: KiB;
  /** Lets it loose; the answer is what became of it. */
  go(threshold: Threshold): Promise<HogEnd>;
}

/** Starts both, and waits until it is filled. */
export async function startHogRound(
  { size, left, beyond, uid, limitSeconds, onceLoose }: HogWish,
  signal: AbortSignal,
): Promise<HogRound> {
  const wish = {
    size_mib: kibToMiB(size),
    left_mib: kibToMiB(left),
    beyond_mib: kibToMiB(beyond),
    uid,
    limit_s: limitSeconds,
    once_loose: onceLoose,
  };
  const observer: ProgramChild = startProgram({
    command: ["python3", join(repositoryRoot, "test/support/bench/kill_round.py"), JSON.stringify(wish)],
    signal,
    listenTo: "stdout",
  });
  try {
    const { pid, available_kib } = JSON.parse((await observer.next()).text);
    return {
      pid,
      available: kib(available_kib),
      async go({ amount, base }) {
        observer.tell(`go ${amount} ${base}\n`);
        return JSON.parse((await observer.next()).text);
      },
      [Symbol.asyncDispose]: async () => await observer[Symbol.asyncDispose](),
    };
  } catch (error) {
    await observer[Symbol.asyncDispose]();
    throw error;
  }
}
