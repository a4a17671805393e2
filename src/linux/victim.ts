import type { MemorySharers, Signal } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { ReapReport, VictimReport } from "#domain/victim-report.ts";
import { failureOf, ignore } from "./failure.ts";
import type { ProcessHold } from "./process-hold.ts";
import type { WholeMemcg } from "./whole-memcg.ts";

/** A victim from the first act upon it until its release. */
export interface Victim {
  readonly identity: Identity;
  /** The victim itself, and after it those who share its memory. */
  readonly holds: [ProcessHold, ...ProcessHold[]];
  /** The others that die with it. */
  readonly group: readonly ProcessHold[];
  /** What they are all of, where that can be killed at one stroke. */
  readonly whole: WholeMemcg | undefined;
  /** Who was suspected to share its memory. */
  readonly suspected: MemorySharers;
  reap: ReapReport;
  /** Looks at the processes when it has not been known before. */
  exitedAt(now: Milliseconds): Milliseconds | undefined;
  isKilled: boolean;
  isReleased: boolean;
  /** A look has seen that it exited: no news any more. */
  isExitSensed: boolean;
}

/** A victim of which nothing is known but who holds its memory; the first hold is its own. */
export function makeVictim(
  holds: [ProcessHold, ...ProcessHold[]],
  { suspected, group, whole }: Pick<Victim, "suspected" | "group" | "whole">,
): Victim {
  let exitedAt: Milliseconds | undefined;
  return {
    identity: holds[0].identity,
    holds,
    group,
    whole,
    suspected,
    reap: { kind: "not-asked" },
    isKilled: false,
    isReleased: false,
    isExitSensed: false,
    exitedAt(now) {
      if (exitedAt === undefined && [...holds, ...group].every(hasExited)) exitedAt = now;
      return exitedAt;
    },
  };
}

/** Whether somebody has ended. A look must not fail because of a process that cannot be looked at. */
export function hasExited(hold: ProcessHold): boolean {
  try {
    return hold.hasExited();
  } catch (error) {
    ignore(error, "it counts as alive until a look can tell");
    return false;
  }
}

/** Signals a victim and all that share its memory. Undefined: every one of them has the signal, or had left before. */
export function signalAll(
  { holds }: { readonly holds: readonly ProcessHold[] },
  signal: Signal,
): SystemFailure | undefined {
  let refused: SystemFailure | undefined;
  for (const hold of holds) {
    try {
      hold.send(signal);
    } catch (error) {
      refused ??= failureOf(error, `pid ${hold.identity.pid}`);
    }
  }
  return refused;
}

/** What a look tells of a victim. From then on its exit is known. */
export function senseVictim(victim: Victim, now: Milliseconds): VictimReport {
  const { identity, reap } = victim;
  const at = victim.exitedAt(now);
  victim.isExitSensed = at !== undefined;
  return at === undefined ? { kind: "alive", identity, reap } : { kind: "exited", identity, at, reap };
}
