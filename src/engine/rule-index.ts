import type { ProcessFacts } from "#domain/process.ts";
import type { Uid } from "#domain/units.ts";
import { matchSpans, type TextKey, textKeys, textsOf } from "./match-rule.ts";
import { indexPatterns, type PatternIndex } from "./pattern-index.ts";
import { remember } from "./remember.ts";
import type { Rule } from "./rule.ts";

/** Finds the rules that may decide about a process, in their order: none of the others does, by what stays of it. */
export type RuleIndex = (process: ProcessFacts) => readonly Rule[];

/** The places of rules in their list. */
type Places = readonly number[];

/**
 * Puts each rule where one of its conditions leads: to a text, or to users. A process is compared with those only that its own
 * texts and its user lead to, so that thousands of rules cost little more than the few that speak.
 */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const led = rules.map((rule, place) => ({ rule, place, lead: leadOf(rule) }));
  const byText = textKeys.flatMap((key) => {
    const own = led.filter(({ lead }) => lead === key);
    const patterns = own.flatMap(({ rule, place }) => {
      const pattern = rule.when[key];
      return pattern === undefined ? [] : [{ pattern, place }];
    });
    return patterns.length === 0 ? [] : [{ key, patterns: indexPatterns(patterns), ifUnread: protecting(own) }];
  });
  const usersOf = indexUsers(led.filter(({ lead }) => lead === "uid"));
  const always = led.filter(({ lead }) => lead === undefined).map(placeOf);
  return (process) => {
    const places = [...always, ...usersOf(process.uid), ...byText.flatMap((each) => placesFor(each, process))];
    if (places.length > 1) places.sort((a, b) => a - b);
    return places.flatMap((place) => rules[place] ?? []);
  };
}

interface Led {
  readonly rule: Rule;
  readonly place: number;
}

const placeOf = ({ place }: Led): number => place;

/** By which condition a rule is found. Undefined: by none that stays. */
function leadOf({ when }: Rule): TextKey | "uid" | undefined {
  const texts = textKeys.filter((key) => when[key] !== undefined);
  const telling = texts.find((key) => when[key]?.clues !== undefined);
  return telling ?? (when.uid || when.user ? "uid" : texts[0]);
}

/**
 * Those that matter where it is not known what they ask: a rule that might match decides only if it protects, and of those that ask for
 * nothing else the first one says it all.
 */
function protecting(led: readonly Led[]): Places {
  const never = led.filter(({ rule }) => rule.verdict === "never");
  const asksMore = ({ rule: { when } }: Led): boolean => Object.keys(when).length > 1;
  const [first] = never.filter((each) => !asksMore(each));
  return [...(first ? [first] : []), ...never.filter(asksMore)].map(placeOf);
}

/** Rules that one kind of text leads to. */
interface OfKey {
  readonly key: TextKey;
  readonly patterns: PatternIndex;
  readonly ifUnread: Places;
}

function placesFor({ key, patterns, ifUnread }: OfKey, process: ProcessFacts): Places {
  const texts = textsOf[key](process);
  if (texts === undefined) return ifUnread;
  if (typeof texts === "string") return patterns(texts);
  const [first, ...others] = texts;
  if (first === undefined) return [];
  return others.length === 0 ? patterns(first) : [...new Set(texts.flatMap(patterns))];
}

/** There are few users, whatever rules there are. */
const mostUsers = 1024;

function indexUsers(rules: readonly Led[]): (uid: Uid | undefined) => Places {
  const ifUnread = protecting(rules);
  const find = remember(
    (uid: Uid): Places =>
      rules
        .filter(({ rule: { when } }) =>
          [when.uid, when.user].every((spans) => !spans || matchSpans(spans, uid) === "yes"),
        )
        .map(placeOf),
    mostUsers,
  );
  return (uid) => (uid === undefined || rules.length === 0 ? ifUnread : find(uid));
}
