import { readdirSync, readFileSync } from "node:fs";
import type { SystemFailure } from "#domain/system-error.ts";
import { type OomScoreAdj, oomScoreAdj, oomScoreAdjMin } from "#domain/units.ts";
import { closeFd, openFile, writeOnce } from "#native-bindings/file.ts";
import { setNice } from "#native-bindings/priority.ts";
import { leadsSession } from "#native-bindings/process-ids.ts";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { failureOf } from "./failure.ts";

/** How well we are protected against what we protect others from. A failure says what could not be reached, and why. */
export interface SelfProtection {
  /** −1000, or as near to it as we may go. */
  readonly oomScoreAdj: OomScoreAdj;
  readonly oomScoreAdjFailure: SystemFailure | undefined;
  /** How many threads of ours have the priority that was wished. */
  readonly hurriedThreads: number;
  readonly niceFailure: SystemFailure | undefined;
}

/** How we want to be protected. */
export interface ProtectionWish {
  readonly oomScoreAdj: OomScoreAdj;
  /** −20 to 19, for all our threads. */
  readonly nice: number;
}

/** As well as it goes. */
const fully: ProtectionWish = { oomScoreAdj: oomScoreAdjMin, nice: -20 };

/** Makes the kernel spare us and run us first. Whatever fails is told and does without. */
export const protectSelf = (wish: ProtectionWish = fully): SelfProtection => ({
  ...setOomScoreAdj(wish.oomScoreAdj),
  ...setPriority(wish.nice),
});

const adjPath = "/proc/self/oom_score_adj";

function setOomScoreAdj(wanted: OomScoreAdj): Pick<SelfProtection, "oomScoreAdj" | "oomScoreAdjFailure"> {
  const failure = writeAdj(wanted);
  if (failure !== undefined) lowerAsFarAsPermitted(wanted, readAdj());
  return { oomScoreAdj: readAdj(), oomScoreAdjFailure: failure };
}

/**
 * Without CAP_SYS_RESOURCE there is a floor that no file shows: what a privileged process set last. It is found by halving.
 * @see fs/proc/base.c: __set_oom_adj (oom_score_adj_min)
 */
function lowerAsFarAsPermitted(wanted: OomScoreAdj, now: OomScoreAdj): void {
  let refused: number = wanted;
  let reached: number = now;
  while (reached - refused > 1) {
    const middle = Math.floor((reached + refused) / 2);
    if (writeAdj(oomScoreAdj(middle)) === undefined) reached = middle;
    else refused = middle;
  }
}

const readAdj = (): OomScoreAdj => parseOomScoreAdj(readFileSync(adjPath));

const writeAdj = (adj: OomScoreAdj): SystemFailure | undefined => writeLine(adjPath, String(adj));

const writeLine = (path: string, line: string): SystemFailure | undefined =>
  failureIn(path, () => {
    const fd = openFile(path, "write");
    try {
      writeOnce(fd, new TextEncoder().encode(`${line}\n`), path);
    } finally {
      closeFd(fd);
    }
  });

/** The threads of the pool matter as much as the main one: they signal and reap. Later threads inherit from their maker. */
function setPriority(nice: number): Pick<SelfProtection, "hurriedThreads" | "niceFailure"> {
  const failures = readdirSync("/proc/self/task").map((thread) =>
    failureIn(`thread ${thread}`, () => setNice(Number(thread), nice)),
  );
  return {
    hurriedThreads: failures.filter((failure) => failure === undefined).length,
    niceFailure: failures.find((failure) => failure !== undefined),
  };
}

const autogroupPath = "/proc/self/autogroup";

/**
 * Where sessions share the processor by turns, a nice value counts among those of one session only, and a service is alone in its
 * own: it is the session that has to be hurried. That of a terminal is not ours to hurry. EAGAIN: without CAP_SYS_ADMIN it is to be
 * tried again, because all sessions together may be changed every tenth of a second.
 * @see kernel/sched/autogroup.c: proc_sched_autogroup_set_nice; sched(7), "The autogroup feature"
 */
export function hurrySession(nice: number): SystemFailure | undefined {
  if (!leadsSession()) return undefined;
  const failure = writeLine(autogroupPath, String(nice));
  return failure?.errno === "ENOENT" ? undefined : failure;
}

function failureIn(subject: string, act: () => void): SystemFailure | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return failureOf(error, subject);
  }
}
