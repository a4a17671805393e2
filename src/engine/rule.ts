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

type Condition = (process: ProcessFacts) => boolean | undefined;

function onText(
  pattern: Pattern | undefined,
  text: (process: ProcessFacts) => string | undefined,
): Condition | undefined {
  if (pattern === undefined) return undefined;
  return (process) => {
    const value = text(process);
    return value === undefined ? undefined : pattern.matches(value);
  };
}

function conditionsOf({ name, exe, cmdline, cgroup, uid }: RuleConditions): readonly Condition[] {
  const all = [
    onText(name, (process) => process.comm),
    onText(exe, (process) => process.traits.exe),
    onText(cmdline, (process) => process.traits.cmdline),
    onText(cgroup, (process) => process.traits.cgroup),
    uid === undefined
      ? undefined
      : (process: ProcessFacts) => (process.uid === undefined ? undefined : process.uid === uid),
  ];
  return all.filter((condition) => condition !== undefined);
}

/** Whether a rule speaks of a process. */
export function matchRule(rule: Rule, process: ProcessFacts): RuleMatch {
  const answers = conditionsOf(rule.when).map((condition) => condition(process));
  if (answers.includes(false)) return "no";
  return answers.includes(undefined) ? "unknown" : "yes";
}
