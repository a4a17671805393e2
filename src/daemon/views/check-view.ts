import type { ProcessFacts } from "#domain/process.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { judge } from "#engine/judge.ts";
import { isGuarded } from "#engine/last-resort.ts";
import { type Circumstances, matchRule } from "#engine/match-rule.ts";
import type { GuardPlan, Plan } from "#engine/plan.ts";
import type { Rule, RuleVerdict } from "#engine/rule.ts";
import { circumstancesOf, rulerOf } from "#engine/ruling.ts";
import { takeApart } from "./seen.ts";

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
  /** Undefined: no other rule wins over it. */
  readonly overruled: Overruled | undefined;
  /** Undefined: it wants nobody's death, or of nobody whom the session guard spares. */
  readonly spared: Spared | undefined;
}

/** Those of whom a rule says one thing, and another one wins. */
export interface Overruled {
  readonly processes: number;
  /** The one that wins over it for the first of them. */
  readonly by: string;
}

/** Those whose death a rule wants, and who are of the session: they go when nobody else can, whatever it says. */
export interface Spared {
  readonly processes: number;
  /** A few of their names. */
  readonly examples: readonly string[];
  /** Not even then. */
  readonly for_good: boolean;
}

const mostExamples = 3;

/** Counts for each rule whom it matches now; threads of the kernel are out of the question anyway. @throws SystemError when a sensor failed */
export function countMatches(plan: Plan, snapshot: Snapshot): readonly RuleCount[] {
  const { rules, pageSize, guard } = plan;
  const { table, basis } = takeApart(snapshot, { kind: "global" }, pageSize);
  const guarded = new Set(
    judge(table, basis, plan)
      .filter(isGuarded)
      .map(({ process }) => process),
  );
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
      examples: namesOf(matching),
      overruled: findOverruled(rule, matching, { rules, circumstances }),
      spared: findSpared(
        rule,
        matching.filter((process) => guarded.has(process)),
        guard,
      ),
    };
  });
}

const namesOf = (processes: readonly ProcessFacts[]): readonly string[] =>
  [...new Set(processes.map(({ comm }) => comm))].slice(0, mostExamples);

const wantDeath: readonly RuleVerdict[] = ["only", "first", "prefer"];

function findSpared(
  { verdict }: Rule,
  guarded: readonly ProcessFacts[],
  { lastResort }: GuardPlan,
): Spared | undefined {
  if (guarded.length === 0 || !wantDeath.includes(verdict)) return undefined;
  return { processes: guarded.length, examples: namesOf(guarded), for_good: !lastResort };
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
