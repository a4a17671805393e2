import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { initPid, oomScoreAdjMin, type Pid } from "#domain/units.ts";
import type { Rule } from "./rule.ts";

/** Why a process can never be the victim, or not any more. */
export type Ineligible =
  | "init"
  | "kernel-thread"
  | "out-of-scope"
  | "self"
  | "ancestor-of-self"
  | "no-memory"
  | "oom-score-adj-min"
  | "skipped"
  | "rule-never"
  | "not-among-only"
  /** Its memcg would die as a whole, with somebody in it who must live. */
  | "group-holds-protected";

/** Why a process is out of the question, and which rule says so. */
export interface Exclusion {
  readonly why: Ineligible;
  /** The rule that decided, where one did. */
  readonly rule?: Rule;
  /** Of somebody outside of the scope: what would speak against it inside as well, if anything does. */
  readonly inside?: Exclusion;
}

/** What eligibility depends on besides the process itself and the rules. */
export interface Surroundings {
  /** Who belongs to the memcg or may use the nodes that are out of memory. Undefined: the whole machine is. */
  readonly members: ReadonlySet<Pid> | undefined;
  readonly self: Pid;
  readonly ancestors: ReadonlySet<Pid>;
  readonly skipped: ReadonlySet<IdentityKey>;
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

/** What speaks against a process by what it is. @see mm/oom_kill.c: oom_evaluate_task, oom_badness */
export function excludeByNature({
  identity,
  isKernelThread,
  memory,
  oomScoreAdj,
}: ProcessFacts): Ineligible | undefined {
  if (identity.pid === initPid) return "init";
  if (isKernelThread) return "kernel-thread";
  if (memory === undefined) return "no-memory";
  return oomScoreAdj === oomScoreAdjMin ? "oom-score-adj-min" : undefined;
}

/** These come before any question of who else is concerned, and the others after it. */
const first: ReadonlySet<Ineligible> = new Set(["init", "kernel-thread"]);
const last: ReadonlySet<Ineligible> = new Set(["rule-never", "not-among-only"]);

/**
 * Why a process is out at this look, or undefined when it may be chosen: in the kernel's order, with what a killer in
 * userspace has to add. @param own what speaks against it by its nature and by the rules, at any look
 */
export function findExclusion(
  process: ProcessFacts,
  own: Exclusion | undefined,
  surroundings: Surroundings,
): Exclusion | undefined {
  if (own !== undefined && first.has(own.why)) return own;
  const { members } = surroundings;
  if (members === undefined || members.has(process.identity.pid)) return excludeInside(process, own, surroundings);
  const inside = excludeInside(process, own, surroundings);
  return { why: "out-of-scope", ...(inside && { inside }) };
}

function excludeInside(
  { identity }: ProcessFacts,
  own: Exclusion | undefined,
  { self, ancestors, skipped }: Surroundings,
): Exclusion | undefined {
  if (identity.pid === self) return { why: "self" };
  if (ancestors.has(identity.pid)) return { why: "ancestor-of-self" };
  if (own !== undefined && !last.has(own.why)) return own;
  // Most of the time nobody is skipped: no key is made for each of thousands.
  return skipped.size > 0 && skipped.has(identityKey(identity)) ? { why: "skipped" } : own;
}
