import type { ProcessFacts } from "#domain/process.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { type Circumstances, matchRule } from "#engine/match-rule.ts";
import type { Rule, RuleVerdict } from "#engine/rule.ts";
import { circumstancesOf, rulerOf } from "#engine/ruling.ts";
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
  /** Undefined: of all that it matches it has its say. */
  readonly overruled: Overruled | undefined;
}

/** Those of whom a rule says one thing, and another one wins. */
export interface Overruled {
  readonly processes: number;
  /** The one that wins over it for the first of them. */
  readonly by: string;
}

const mostExamples = 3;

/** Counts for each rule whom it matches now; threads of the kernel are out of the question anyway. @throws SystemError when the processes cannot be read */
export function countMatches(rules: readonly Rule[], snapshot: Snapshot): readonly RuleCount[] {
  const table = insist(snapshot.processes, "processes");
  const circumstances = circumstancesOf(table, rules);
  const processes = table.processes.filter(({ isKernelThread }) => !isKernelThread);
  return rules.map((rule) => {
    const answers = processes.map((process) => ({ process, answer: matchRule(rule, process, circumstances) }));
    const matching = answers.filter(({ answer }) => answer === "yes").map(({ process }) => process);
    return {
      rule: rule.origin,
      verdict: rule.verdict,
      matches: matching.length,
      unknown: answers.filter(({ answer }) => answer === "unknown").length,
      examples: [...new Set(matching.map(({ comm }) => comm))].slice(0, mostExamples),
      overruled: findOverruled(rule, matching, { rules, circumstances }),
    };
  });
}

interface Judged {
  readonly rules: readonly Rule[];
  readonly circumstances: Circumstances;
}

function findOverruled(
  rule: Rule,
  matching: readonly ProcessFacts[],
  { rules, circumstances }: Judged,
): Overruled | undefined {
  const winners = matching.flatMap((process) => winnerOver(rule, rulerOf(rules)(process, circumstances)) ?? []);
  const [first] = winners;
  return first && { processes: winners.length, by: first.origin };
}

/** What wins over each verdict, besides `never`: of these two neither has its say. */
const winnersOver: Readonly<Record<RuleVerdict, readonly RuleVerdict[]>> = {
  never: [],
  only: [],
  first: [],
  prefer: ["first", "avoid"],
  avoid: ["first", "prefer"],
  neutral: [],
};

/** Of the same mind is whoever avoids one that is never killed. */
function winnerOver(
  { verdict }: Rule,
  { exclusion, leanings }: ReturnType<ReturnType<typeof rulerOf>>,
): Rule | undefined {
  const never = exclusion?.why === "rule-never" ? exclusion.rule : undefined;
  if (never !== undefined) return verdict === "never" || verdict === "avoid" ? undefined : never;
  return leanings.find((other) => winnersOver[verdict].includes(other.verdict));
}
