import type { FactName, Snapshot } from "#domain/snapshot.ts";
import { add, atLeast, below, type Milliseconds, seconds, subtract } from "#domain/units.ts";
import type { Recording } from "./read-recording.ts";

/** A fact as any look of the recording shows it; undefined: it was never read. */
export type NearestReading = (fact: FactName, at: Milliseconds) => Snapshot[FactName];

interface Seen {
  readonly at: Milliseconds;
  readonly reading: Snapshot[FactName];
}

/** So far ahead is looked for what was not read in time. */
const horizon = seconds(60);

/**
 * What looks did not read, from the look nearest in time that did: of those up to a minute later, and all before. Times
 * asked for never go back. Needs a reading of the recording of its own, because it runs ahead.
 */
export function nearestReadings(scout: Recording): NearestReading {
  const seen = new Map<string, readonly Seen[]>();
  let reached = scout.header.startedAt;
  let isAtEnd = false;

  /** Of what was before the time that is asked for, only the last can be the nearest. */
  const keep = (name: string, one: Seen, at: Milliseconds): void => {
    const list = seen.get(name) ?? [];
    seen.set(name, atLeast(at, one.at) ? [one] : [...list, one]);
  };

  const pull = (at: Milliseconds): void => {
    const record = scout.next();
    isAtEnd = record === undefined;
    if (record?.kind !== "look" && record?.kind !== "aside") return;
    const {
      takenAt,
      victims: _victims,
      givers: _givers,
      sleptFor: _sleptFor,
      hung: _hung,
      hasBeenQuiet: _quiet,
      ...facts
    } = record.snapshot;
    reached = takenAt;
    for (const [name, reading] of Object.entries(facts)) keep(name, { at: takenAt, reading }, at);
  };

  return (fact, at) => {
    while (!isAtEnd && below(reached, add(at, horizon))) pull(at);
    const list = seen.get(fact) ?? [];
    const last = list.findLastIndex((one) => atLeast(at, one.at));
    const kept = list.slice(Math.max(0, last));
    seen.set(fact, kept);
    const distance = (one: Seen): number => Math.abs(subtract(one.at, at));
    return kept.reduce<Seen | undefined>(
      (best, one) => (best === undefined || distance(one) < distance(best) ? one : best),
      undefined,
    )?.reading;
  };
}
