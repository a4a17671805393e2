import type { Guard } from "#domain/guard.ts";
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
  /** It is a part of the session: it goes when nobody else can, if at all. */
  | "guarded"
  /** Its memcg would die as a whole, with somebody in it who must live. */
  | "group-holds-protected";

/** Why a process is out of the question, and which rule says so. */
export interface Exclusion {
  readonly why: Ineligible;
  /** The rule that decided, where one did. */
  readonly rule?: Rule;
  /** What it is to the session, where that decided. */
  readonly guard?: Guard;
  /** Of somebody outside of the scope: what would speak against it inside as well, if anything does. */
  readonly inside?: Exclusion;
}
