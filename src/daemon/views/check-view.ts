import type { Snapshot } from "#domain/snapshot.ts";
import { matchRule, type Rule, type RuleVerdict } from "#engine/rule.ts";
import { insist } from "./seen.ts";

/** One rule and how many live processes it speaks of: a rule that matches nobody is a rule that protects nobody. */
export interface RuleCount {
  /** Where it is written and what it says. */
  readonly rule: string;
  readonly verdict: RuleVerdict;
  readonly matches: number;
  /** Processes it might match: what it asks for (an executable, a command line) is not ours to read. */
  readonly unknown: number;
  /** A few names of those it matches. */
  readonly examples: readonly string[];
}

const mostExamples = 3;

/** Counts for each rule whom it matches now; threads of the kernel are out of the question anyway. @throws SystemError when the processes cannot be read */
export function countMatches(rules: readonly Rule[], snapshot: Snapshot): readonly RuleCount[] {
  const { processes } = insist(snapshot.processes, "processes");
  return rules.map((rule) => {
    const answers = processes
      .filter(({ isKernelThread }) => !isKernelThread)
      .map((process) => ({ comm: process.comm, answer: matchRule(rule, process) }));
    const matching = answers.filter(({ answer }) => answer === "yes").map(({ comm }) => comm);
    return {
      rule: rule.origin,
      verdict: rule.verdict,
      matches: matching.length,
      unknown: answers.filter(({ answer }) => answer === "unknown").length,
      examples: [...new Set(matching)].slice(0, mostExamples),
    };
  });
}
