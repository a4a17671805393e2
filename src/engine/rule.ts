import type { ProcessFacts } from "#domain/process.ts";
import type { Uid } from "#domain/units.ts";

/** A text pattern that takes linear time on any text: the texts are an attacker's to choose. */
export interface Pattern {
  /** As it was written. */
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

/** `never`: not eligible. `only`: with one such rule, whoever matches none is not eligible. `avoid`, `prefer`: a term in the score. */
export type RuleVerdict = "never" | "only" | "avoid" | "prefer";

/** All conditions that are present must hold. A rule has at least one. */
export interface RuleConditions {
  readonly name?: Pattern;
  readonly exe?: Pattern;
  readonly cmdline?: Pattern;
  readonly cgroup?: Pattern;
  readonly uid?: Uid;
}

/** What somebody wrote about processes that meet conditions. */
export interface Rule {
  readonly verdict: RuleVerdict;
  /** Where it is written and what it says, for people. */
  readonly origin: string;
  readonly when: RuleConditions;
}

/** `unknown`: a fact the rule asks for has not been read (`cmdline` of a newcomer), and everything else matches. */
export type RuleMatch = "yes" | "no" | "unknown";

type Condition = (when: RuleConditions, process: ProcessFacts) => RuleMatch;

function matchText(pattern: Pattern | undefined, text: string | undefined): RuleMatch {
  if (pattern === undefined) return "yes";
  if (text === undefined) return "unknown";
  return pattern.matches(text) ? "yes" : "no";
}

function matchUid(wanted: Uid | undefined, uid: Uid | undefined): RuleMatch {
  if (wanted === undefined) return "yes";
  if (uid === undefined) return "unknown";
  return uid === wanted ? "yes" : "no";
}

/** The cheapest first: a pattern costs more than all the rest, and thousands of processes are asked about. */
const conditions: readonly Condition[] = [
  ({ uid }, process) => matchUid(uid, process.uid),
  ({ name }, { comm }) => matchText(name, comm),
  ({ exe }, { traits }) => matchText(exe, traits.exe),
  ({ cgroup }, { traits }) => matchText(cgroup, traits.cgroup),
  ({ cmdline }, { traits }) => matchText(cmdline, traits.cmdline),
];

/** Whether a rule speaks of a process. One condition that does not hold decides, whatever is unknown. */
export function matchRule({ when }: Rule, process: ProcessFacts): RuleMatch {
  let match: RuleMatch = "yes";
  for (const condition of conditions) {
    const answer = condition(when, process);
    if (answer === "no") return "no";
    if (answer === "unknown") match = "unknown";
  }
  return match;
}
