import {
  add,
  greatest,
  type KiB,
  kib,
  least,
  type Milliseconds,
  mib,
  milliseconds,
  scale,
  subtract,
} from "#domain/units.ts";
import type { SettledScript } from "./process-script.ts";
import { missedBy, sizeOf, type WorkingSet } from "./working-set.ts";

const nothing = kib(0);

/** How long one wake took. */
export interface Wake {
  readonly at: Milliseconds;
  readonly took: Milliseconds;
}

/** Somebody sits before a process: it wakes ten times a second, and each wake has to be done before the next. */
export interface Wakes {
  nextAt: Milliseconds;
  /** When the wake under way began. */
  since: Milliseconds | undefined;
  /** What the wake under way still has to have: its own memory, its program, new pages. */
  readonly owed: { hot: KiB; text: KiB; fresh: KiB };
  /** How many are done. */
  count: number;
  /** Those that were kept waiting. */
  readonly slow: Wake[];
}

/** Between two wakes. */
const wakeEvery = milliseconds(100);
/** How much of its own memory, and of its program, a wake goes through. */
const wakeTouches = mib(4);
/** New memory a wake needs: a frame to be drawn, a line to be read. */
const freshPerWake = kib(64);
/** What is missed of a wake nobody notices. */
const unnoticed = kib(16);

/** How fast one before whom somebody sits goes through its memory; nothing for others. */
export const wakeRateOf = ({ isInteractive }: SettledScript): KiB =>
  isInteractive ? scale(wakeTouches, 1000 / wakeEvery) : nothing;

/** Wakes of a process that starts now. */
export const startWakes = (now: Milliseconds): Wakes => ({
  nextAt: now,
  since: undefined,
  owed: { hot: nothing, text: nothing, fresh: nothing },
  count: 0,
  slow: [],
});

/** What a wake goes through. */
export interface Touched {
  readonly hot: WorkingSet;
  readonly text: WorkingSet | undefined;
}

/** Begins the wakes that are due before `end`. While memory is at hand they take no time. */
export function wakeUp(
  wakes: Wakes,
  { hot, text }: Touched,
  { end, isShort }: { end: Milliseconds; isShort: boolean },
): void {
  while (wakes.since === undefined && wakes.nextAt < end) {
    wakes.owed.hot = missedOf(hot);
    wakes.owed.text = text === undefined ? nothing : missedOf(text);
    wakes.owed.fresh = isShort ? freshPerWake : nothing;
    if (isShort || !isServed(wakes)) wakes.since = wakes.nextAt;
    else skipWakes(wakes, end);
  }
}

/** All wakes up to `end` find what they need. */
function skipWakes(wakes: Wakes, end: Milliseconds): void {
  const many = Math.max(1, Math.ceil(subtract(end, wakes.nextAt) / wakeEvery));
  wakes.count += many;
  wakes.nextAt = add(wakes.nextAt, scale(wakeEvery, many));
}

const missedOf = (set: WorkingSet): KiB => missedBy(set, least(wakeTouches, sizeOf(set)));

const isServed = ({ owed }: Wakes): boolean => add(add(owed.hot, owed.text), owed.fresh) < unnoticed;

/** What a wake was given in a step, and the share of the step it was waited for. */
export interface Service {
  readonly hot: KiB;
  readonly text: KiB;
  readonly fresh: KiB;
  readonly waited: number;
  readonly began: Milliseconds;
  readonly end: Milliseconds;
}

/** Serves the wake under way; notes how long it took when it is done. */
export function serveWake(wakes: Wakes, { hot, text, fresh, waited, began, end }: Service): void {
  const { since, owed } = wakes;
  if (since === undefined) return;
  owed.hot = subtract(owed.hot, least(owed.hot, hot));
  owed.text = subtract(owed.text, least(owed.text, text));
  owed.fresh = subtract(owed.fresh, least(owed.fresh, fresh));
  if (!isServed(wakes)) return;
  const from = greatest(since, began);
  const done = add(from, scale(subtract(end, from), waited));
  wakes.count += 1;
  wakes.since = undefined;
  wakes.nextAt = greatest(add(since, wakeEvery), done);
  const took = subtract(done, since);
  if (took >= 1) wakes.slow.push({ at: since, took });
}

/** The machine slept: nobody sat before it. */
export function wakeAfterSleep(wakes: Wakes, slept: Milliseconds): void {
  wakes.nextAt = add(wakes.nextAt, slept);
  if (wakes.since !== undefined) wakes.since = add(wakes.since, slept);
}

/** How the wakes of one process went. */
export interface Interactivity {
  readonly name: string;
  readonly wakes: number;
  /** Those that were kept waiting, in order; one that is not done yet is the last. */
  readonly slow: readonly Wake[];
}

/** How wakes went until now. Those of the dead are never done. */
export function interactivityOf(
  name: string,
  { count, slow, since }: Wakes,
  { now, isDying }: { readonly now: Milliseconds; readonly isDying: boolean },
): Interactivity {
  const unfinished = since === undefined || since >= now || isDying ? [] : [{ at: since, took: subtract(now, since) }];
  return { name, wakes: count + unfinished.length, slow: [...slow, ...unfinished] };
}

/** The longest that anybody was kept waiting. */
export const longestStall = (all: readonly Interactivity[]): Milliseconds =>
  all.reduce((longest, { slow }) => slow.reduce((soFar, { took }) => greatest(soFar, took), longest), milliseconds(0));
