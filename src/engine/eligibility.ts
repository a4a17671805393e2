import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { initPid, oomScoreAdjMin, type Pid } from "#domain/units.ts";
import { matchRule, type Rule } from "./rule.ts";

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

/** What eligibility depends on besides the process itself. */
export interface EligibilityBasis {
  /** Who belongs to the memcg or may use the nodes that are out of memory. Undefined: the whole machine is. */
  readonly members: ReadonlySet<Pid> | undefined;
  readonly self: Pid;
  readonly ancestors: ReadonlySet<Pid>;
  readonly skipped: ReadonlySet<IdentityKey>;
  readonly protecting: readonly Rule[];
  readonly confining: readonly Rule[];
}

/** The parent chain of a process, as far as the table shows it. */
export function ancestorsOf(of: Pid, table: ProcessTable): ReadonlySet<Pid> {
  const parentOf = (pid: Pid) => table.processes.find(({ identity }) => identity.pid === pid)?.parent;
  const ancestors = new Set<Pid>();
  for (let next = parentOf(of); next !== undefined && !ancestors.has(next); next = parentOf(next)) {
    ancestors.add(next);
  }
  return ancestors;
}

const isOutside = ({ identity: { pid } }: ProcessFacts, { members }: EligibilityBasis): boolean =>
  members?.has(pid) === false;

/** The tests of the kernel, in its order, and what a killer in userspace has to add. @see mm/oom_kill.c: oom_evaluate_task, oom_badness */
function byNature(process: ProcessFacts, basis: EligibilityBasis): Ineligible | undefined {
  const { pid } = process.identity;
  if (pid === initPid) return "init";
  if (process.isKernelThread) return "kernel-thread";
  if (isOutside(process, basis)) return "out-of-scope";
  if (pid === basis.self) return "self";
  if (basis.ancestors.has(pid)) return "ancestor-of-self";
  if (process.memory === undefined) return "no-memory";
  if (process.oomScoreAdj === oomScoreAdjMin) return "oom-score-adj-min";
  // Most of the time nobody is skipped: no key is made for each of thousands.
  const isSkipped = basis.skipped.size > 0 && basis.skipped.has(identityKey(process.identity));
  return isSkipped ? "skipped" : undefined;
}

/**
 * A fact that is not known yet speaks for the process: it is protected by a `never` that might match,
 * and not chosen for an `only` that might.
 */
function byRules(process: ProcessFacts, { protecting, confining }: EligibilityBasis): Exclusion | undefined {
  const protector = protecting.find((rule) => matchRule(rule, process) !== "no");
  if (protector !== undefined) return { why: "rule-never", rule: protector };
  if (confining.length === 0 || confining.some((rule) => matchRule(rule, process) === "yes")) return undefined;
  return { why: "not-among-only" };
}

/** Why a process is out, or undefined when it may be chosen. */
export function findExclusion(process: ProcessFacts, basis: EligibilityBasis): Exclusion | undefined {
  const why = byNature(process, basis);
  if (why === undefined) return byRules(process, basis);
  if (why !== "out-of-scope") return { why };
  const inside = findExclusion(process, { ...basis, members: undefined });
  return { why, ...(inside && { inside }) };
}
