import type { ProcessFacts, ProcessTraits } from "#domain/process.ts";
import type { Exclusion } from "./exclusion.ts";
import { onceFor } from "./once-for.ts";
import { matchRule, type Rule } from "./rule.ts";

/** What all rules together say of one process. */
export interface Ruling {
  /** Undefined: no rule speaks against its death. */
  readonly exclusion: Exclusion | undefined;
  /** `prefer` and `avoid`, as far as they match one that may die. */
  readonly leanings: readonly Rule[];
}

/** Says of every process what the rules say of it. */
export type Ruler = (process: ProcessFacts) => Ruling;

/** What rules can ask about, besides the traits. */
type Asked = Pick<ProcessFacts, "comm" | "uid">;

/**
 * The ruler of some rules. Each rule is compared with a process once for as long as its traits are the same object: what it
 * uses of memory changes all the time, and no rule asks for that.
 */
export const rulerOf: (rules: readonly Rule[]) => Ruler = onceFor((rules: readonly Rule[]): Ruler => {
  const known = new WeakMap<ProcessTraits, Asked & { readonly ruling: Ruling }>();
  const compare = compareWith(rules);
  return (process) => {
    const { comm, uid, traits } = process;
    const before = known.get(traits);
    if (before !== undefined && before.comm === comm && before.uid === uid) return before.ruling;
    const ruling = compare(process);
    known.set(traits, { comm, uid, ruling });
    return ruling;
  };
});

/**
 * A fact that is not known yet speaks for the process: it is protected by a `never` that might match,
 * and not chosen for an `only` that might.
 */
function compareWith(rules: readonly Rule[]): Ruler {
  const protecting = rules.filter(({ verdict }) => verdict === "never");
  const confining = rules.filter(({ verdict }) => verdict === "only");
  const leaning = rules.filter(({ verdict }) => verdict === "prefer" || verdict === "avoid");
  return (process) => {
    const rule = protecting.find((each) => matchRule(each, process) !== "no");
    if (rule !== undefined) return { exclusion: { why: "rule-never", rule }, leanings: [] };
    const isAmong = confining.length === 0 || confining.some((each) => matchRule(each, process) === "yes");
    if (!isAmong) return { exclusion: { why: "not-among-only" }, leanings: [] };
    return { exclusion: undefined, leanings: leaning.filter((each) => matchRule(each, process) === "yes") };
  };
}
