import { containerIn } from "#domain/container.ts";
import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { appsIn, unitIn } from "#domain/systemd-unit.ts";
import {
  type CgroupPath,
  lessened,
  type Milliseconds,
  type Pid,
  type StartTicks,
  ticksToMilliseconds,
} from "#domain/units.ts";
import { rememberTexts } from "./remember.ts";
import type { Pattern, Rule, Span, StandingConditions } from "./rule.ts";

/** What a condition can ask that a process does not tell of itself. */
export interface Circumstances {
  /** On the clock of start times. Undefined: nobody could tell. */
  readonly now: StartTicks | undefined;
  /** The task name of whoever has that pid. Undefined: nobody could tell. */
  readonly nameOf: (pid: Pid) => string | undefined;
}

/** Nothing can be told. */
export const noCircumstances: Circumstances = { now: undefined, nameOf: () => undefined };

/** `unknown`: a fact the rule asks for has not been read (`cmdline` of a newcomer), and everything else matches. */
export type RuleMatch = "yes" | "no" | "unknown";

/** One condition that does not hold decides, whatever is unknown. */
export function bothMatch(one: RuleMatch, other: () => RuleMatch): RuleMatch {
  if (one === "no") return one;
  const second = other();
  return second === "yes" ? one : second;
}

/** Conditions that go by a text which stays. */
export type TextKey = Exclude<keyof StandingConditions, "uid" | "user">;

/** What a pattern is compared with; one of several is enough. Undefined: it has not been read, or is not ours to read. */
export type Texts = string | readonly string[] | undefined;

const none: readonly string[] = [];

/** What the path of a cgroup tells. */
interface Names {
  readonly unit: readonly string[];
  readonly app: readonly string[];
  readonly container: readonly string[];
}

const namesIn = rememberTexts((cgroup: CgroupPath): Names => {
  const unit = unitIn(cgroup);
  const container = containerIn(cgroup);
  return {
    unit: unit === undefined ? none : [unit],
    app: appsIn(cgroup),
    container: container === undefined ? none : [container.runtime, container.id],
  };
});

const namesOf = ({ traits }: ProcessFacts): Names | undefined => traits.cgroup && namesIn(traits.cgroup);

/** The texts of each condition; those that tell most processes apart come first, those that take longest last. */
export const textsOf: Readonly<Record<TextKey, (process: ProcessFacts) => Texts>> = {
  name: ({ comm }) => comm,
  exe: ({ traits }) => traits.exe,
  unit: (process) => namesOf(process)?.unit,
  app: (process) => namesOf(process)?.app,
  container: (process) => namesOf(process)?.container,
  cgroup: ({ traits }) => traits.cgroup,
  cmdline: ({ traits }) => traits.cmdline,
};

/** All of them, in that order. */
export const textKeys = [
  "name",
  "exe",
  "unit",
  "app",
  "container",
  "cgroup",
  "cmdline",
] as const satisfies readonly TextKey[];

function matchTexts({ matches }: Pattern, texts: Texts): RuleMatch {
  if (texts === undefined) return "unknown";
  const isMatch = typeof texts === "string" ? matches(texts) : texts.some((text) => matches(text));
  return isMatch ? "yes" : "no";
}

/** Whether a number lies in one of some spans; `unknown` where there is none. */
export function matchSpans<Q extends number>(spans: readonly Span<Q>[], of: Q | undefined): RuleMatch {
  if (of === undefined) return "unknown";
  return spans.some(({ from, to }) => (from === undefined || of >= from) && (to === undefined || of <= to))
    ? "yes"
    : "no";
}

/** Whether a rule speaks of a process, as far as that stays. */
export function matchStanding({ when }: Rule, process: ProcessFacts): RuleMatch {
  const { uid, user } = when;
  let match: RuleMatch = uid === undefined ? "yes" : matchSpans(uid, process.uid);
  if (user !== undefined) match = bothMatch(match, () => matchSpans(user, process.uid));
  for (const key of textKeys) {
    const pattern = when[key];
    if (pattern !== undefined) match = bothMatch(match, () => matchTexts(pattern, textsOf[key](process)));
  }
  return match;
}

/** Whether a rule speaks of a process, as far as that passes. */
export function matchPassing({ when }: Rule, process: ProcessFacts, circumstances: Circumstances): RuleMatch {
  const { oomScoreAdj, memory, age, parent } = when;
  let match: RuleMatch = oomScoreAdj === undefined ? "yes" : matchSpans(oomScoreAdj, process.oomScoreAdj);
  // Who owns no memory gives none back.
  if (memory !== undefined && process.memory === undefined) return "no";
  if (memory !== undefined)
    match = bothMatch(match, () => matchSpans(memory, process.memory && returnsOf(process.memory)));
  if (age !== undefined) match = bothMatch(match, () => matchSpans(age, ageOf(process, circumstances)));
  if (parent !== undefined) match = bothMatch(match, () => matchTexts(parent, parentName(process, circumstances)));
  return match;
}

const ageOf = ({ identity }: ProcessFacts, { now }: Circumstances): Milliseconds | undefined =>
  now && ticksToMilliseconds(lessened(now, identity.startTicks));

const parentName = ({ parent }: ProcessFacts, { nameOf }: Circumstances): Texts =>
  parent === undefined ? none : nameOf(parent);

/** Whether a rule speaks of a process. */
export const matchRule = (rule: Rule, process: ProcessFacts, circumstances: Circumstances): RuleMatch =>
  bothMatch(matchStanding(rule, process), () => matchPassing(rule, process, circumstances));
