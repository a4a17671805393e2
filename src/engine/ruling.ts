import type { ProcessFacts, ProcessTable, ProcessTraits } from "#domain/process.ts";
import { finderOf } from "./by-pid.ts";
import type { Exclusion } from "./exclusion.ts";
import type { KillManner } from "./kill-manner.ts";
import {
  bothMatch,
  type Circumstances,
  matchPassing,
  matchStanding,
  noCircumstances,
  type RuleMatch,
} from "./match-rule.ts";
import { onceFor } from "./once-for.ts";
import { asksBeyond, isPassing, type Rule } from "./rule.ts";
import { indexRules } from "./rule-index.ts";

/** What all rules together say of one process. */
export interface Ruling {
  /** Undefined: no rule speaks against its death. */
  readonly exclusion: Exclusion | undefined;
  /** `first`, `prefer` and `avoid`, as far as they match one that may die. */
  readonly leanings: readonly Rule[];
  /** Of all that match one that may die: the one that is written last wins, word by word. */
  readonly manner: KillManner;
}

/** Says of every process what the rules say of it. */
export type Ruler = (process: ProcessFacts, circumstances: Circumstances) => Ruling;

/** What rules can ask about that stays, besides the traits. */
type Asked = Pick<ProcessFacts, "comm" | "uid">;

/** A rule that is known to match, or may do so. */
interface Speaking {
  readonly rule: Rule;
  readonly match: Exclude<RuleMatch, "no">;
}

/** What was found of a process for as long as its traits are the same object. */
interface Standing extends Asked {
  /** Those that none of the conditions which stay speaks against. */
  readonly speaking: readonly Speaking[];
  /** Undefined: one of them has conditions that pass. */
  readonly ruling: Ruling | undefined;
}

/**
 * The ruler of some rules. What stays is compared with a process once for as long as its traits are the same object; of
 * what passes (its memory, its age) only those rules are asked again that everything else matches.
 */
export const rulerOf: (rules: readonly Rule[]) => Ruler = onceFor((rules: readonly Rule[]): Ruler => {
  const known = new WeakMap<ProcessTraits, Standing>();
  const likelyFor = indexRules(rules);
  const isConfined = rules.some(({ verdict }) => verdict === "only");

  const compare = (process: ProcessFacts): Standing => {
    const { comm, uid } = process;
    const speaking = likelyFor(process).flatMap((rule) => speak(rule, matchStanding(rule, process)));
    const isSettled = !speaking.some(({ rule }) => isPassing(rule));
    return { comm, uid, speaking, ruling: isSettled ? sumUp(speaking, isConfined) : undefined };
  };

  return (process, circumstances) => {
    const { comm, uid, traits } = process;
    let standing = known.get(traits);
    if (standing === undefined || standing.comm !== comm || standing.uid !== uid) {
      standing = compare(process);
      known.set(traits, standing);
    }
    const { ruling, speaking } = standing;
    return (
      ruling ??
      sumUp(
        speaking.flatMap((each) => askAgain(each, process, circumstances)),
        isConfined,
      )
    );
  };
});

const speak = (rule: Rule, match: RuleMatch): readonly Speaking[] => (match === "no" ? [] : [{ rule, match }]);

const askAgain = (
  { rule, match }: Speaking,
  process: ProcessFacts,
  circumstances: Circumstances,
): readonly Speaking[] =>
  speak(
    rule,
    bothMatch(match, () => matchPassing(rule, process, circumstances)),
  );

/**
 * All that speak have a say, in whatever order they stand. A fact that is not known yet speaks for the process: it is protected
 * by a `never` that might match, and not chosen for an `only` that might.
 */
function sumUp(speaking: readonly Speaking[], isConfined: boolean): Ruling {
  const never = speaking.find(({ rule: { verdict } }) => verdict === "never");
  if (never !== undefined) return { ...silence, exclusion: { why: "rule-never", rule: never.rule } };
  const matching = speaking.flatMap((each) => (each.match === "yes" ? [each.rule] : []));
  if (isConfined && !matching.some(({ verdict }) => verdict === "only")) {
    return { ...silence, exclusion: { why: "not-among-only" } };
  }
  if (matching.length === 0) return silence;
  const leanings = matching.filter(({ verdict }) => verdict !== "only" && verdict !== "neutral");
  const manner: KillManner = Object.assign({}, ...matching.map((each) => each.manner));
  return { exclusion: undefined, leanings, manner };
}

/** Most processes are spoken of by nobody. */
const silence: Ruling = { exclusion: undefined, leanings: [], manner: {} };

/** The rules that ask of a process only what it tells of itself; the same list where all of them do. */
export const ownRules: (rules: readonly Rule[]) => readonly Rule[] = onceFor((rules: readonly Rule[]) =>
  rules.some(asksBeyond) ? rules.filter((each) => !asksBeyond(each)) : rules,
);

/** What rules can ask beyond that, of a table; nothing, where none of them does. */
export function circumstancesOf(table: ProcessTable, rules: readonly Rule[]): Circumstances {
  if (ownRules(rules) === rules) return noCircumstances;
  const { processes, readAt } = table;
  const byPid = finderOf(processes);
  return { now: readAt, nameOf: (pid) => byPid(pid)?.comm };
}
