import { type IdentityKey, identityKey, pidOf } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { initPid, oomScoreAdjMin, type Pid } from "#domain/units.ts";
import type { Exclusion, Ineligible } from "./exclusion.ts";
import { standingOf } from "./guard/session-guard.ts";
import type { Circumstances } from "./match-rule.ts";
import type { Rule } from "./rule.ts";
import { rulerOf } from "./ruling.ts";

/** What eligibility depends on besides the process itself, as it stays from look to look. */
export interface Surroundings {
  readonly self: Pid;
  readonly ancestors: ReadonlySet<Pid>;
  readonly rules: readonly Rule[];
  /** What the session is made of is spared. */
  readonly isGuarding: boolean;
  /** The same object for as long as all of it stays. */
  readonly circumstances: Circumstances;
}

/** The parent chain of a process, as far as the table shows it. */
export function ancestorsOf(of: Pid, { processes }: ProcessTable): ReadonlySet<Pid> {
  const ancestors = new Set<Pid>();
  let wanted: Pid | undefined = of;
  // Parents are elder, and the table begins with the eldest: mostly one way back through it finds all of them.
  for (let isFound = true; isFound; ) {
    isFound = false;
    for (let at = processes.length - 1; at >= 0; at--) {
      const process = processes[at];
      if (process === undefined || process.identity.pid !== wanted) continue;
      const { parent } = process;
      if (parent === undefined || ancestors.has(parent)) return ancestors;
      ancestors.add(parent);
      wanted = parent;
      isFound = true;
    }
  }
  return ancestors;
}

/** Those of a table whose keys are among some: no key is made for each of thousands. */
export function findAmong(processes: readonly ProcessFacts[], keys: ReadonlySet<IdentityKey>): readonly ProcessFacts[] {
  if (keys.size === 0) return [];
  const pids = new Set([...keys].map(pidOf));
  return processes.filter(({ identity }) => pids.has(identity.pid) && keys.has(identityKey(identity)));
}

/**
 * Why a process is out, or undefined when it may be chosen: the tests of the kernel, in its order, and what a killer in
 * userspace has to add. @see mm/oom_kill.c: oom_evaluate_task, oom_badness
 */
export function findExclusion(process: ProcessFacts, surroundings: Surroundings): Exclusion | undefined {
  const { self, ancestors, rules, circumstances, isGuarding } = surroundings;
  const { pid } = process.identity;
  if (pid === initPid) return { why: "init" };
  if (process.isKernelThread) return { why: "kernel-thread" };
  if (pid === self) return { why: "self" };
  if (ancestors.has(pid)) return { why: "ancestor-of-self" };
  if (process.memory === undefined) return { why: "no-memory" };
  if (process.oomScoreAdj === oomScoreAdjMin) return { why: "oom-score-adj-min" };
  const { exclusion } = rulerOf(rules)(process, circumstances);
  if (exclusion !== undefined || !isGuarding) return exclusion;
  const { guard } = standingOf(process);
  return guard && { why: "guarded", guard };
}

const ofWishes: ReadonlySet<Ineligible> = new Set(["rule-never", "not-among-only", "guarded"]);

/** What is left to say against a process that was given up before: it comes before what people wish, and after all else. */
export function passOver(exclusion: Exclusion | undefined): Exclusion {
  if (exclusion === undefined || ofWishes.has(exclusion.why)) return { why: "skipped" };
  const { why, rule, inside } = exclusion;
  return { why, ...(rule && { rule }), ...(inside && { inside }) };
}
