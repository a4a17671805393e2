import type { KiB, Milliseconds, OomScoreAdj, Uid } from "#domain/units.ts";
import type { KillManner } from "./kill-manner.ts";

/** A text pattern that takes linear time on any text: the texts are an attacker's to choose. */
export interface Pattern {
  /** As it was written. */
  readonly source: string;
  readonly matches: (text: string) => boolean;
  /** A text that it matches fits one of them, so that not every text has to be compared. Absent: nothing is known. */
  readonly clues?: readonly Clue[];
}

/** What a text is, or what is somewhere in it. */
export type Clue = { readonly is: string } | { readonly has: string };

/** Whole numbers from one to another, both included. Absent: there is no such end. */
export interface Span<Q extends number> {
  readonly from?: Q;
  readonly to?: Q;
}

/**
 * `never`: not eligible. `only`: with one such rule, whoever matches none is not eligible. `first`, `prefer`, `avoid`: a term in
 * the score. `neutral`: no word about who goes, only about how.
 */
export type RuleVerdict = "never" | "only" | "first" | "prefer" | "avoid" | "neutral";

/** Conditions that hold or not for as long as a process is who it is and runs what it runs. */
export interface StandingConditions {
  readonly name?: Pattern;
  readonly exe?: Pattern;
  readonly cmdline?: Pattern;
  readonly cgroup?: Pattern;
  readonly unit?: Pattern;
  readonly app?: Pattern;
  readonly container?: Pattern;
  readonly uid?: readonly Span<Uid>[];
  /** The same, written by name. */
  readonly user?: readonly Span<Uid>[];
}

/** Conditions that hold now and may not at the next look. */
export interface PassingConditions {
  readonly oomScoreAdj?: readonly Span<OomScoreAdj>[];
  /** What comes back when it dies. */
  readonly memory?: readonly Span<KiB>[];
  readonly age?: readonly Span<Milliseconds>[];
  readonly parent?: Pattern;
}

/** All conditions that are present must hold. A rule has at least one. */
export interface RuleConditions extends StandingConditions, PassingConditions {}

/** What somebody wrote about processes that meet conditions. */
export interface Rule {
  readonly verdict: RuleVerdict;
  /** Where it is written and what it says, for people. */
  readonly origin: string;
  readonly when: RuleConditions;
  /** Of whoever it matches. Absent: as the plan says. */
  readonly manner?: KillManner;
}

/** Whether a rule asks for circumstances: nobody can remember what it says of a process. */
export const asksBeyond = ({ when }: Rule): boolean => when.age !== undefined || when.parent !== undefined;

/** Whether a rule has conditions that pass. */
export const isPassing = (rule: Rule): boolean =>
  rule.when.oomScoreAdj !== undefined || rule.when.memory !== undefined || asksBeyond(rule);

/** The span of one number. */
export const justOne = <Q extends number>(one: Q): readonly Span<Q>[] => [{ from: one, to: one }];
