import type { Decision } from "#domain/decision.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { Waker } from "#machine/machine.ts";
import type { Recording } from "./read-recording.ts";
import type { TapeRecord } from "./tape-record.ts";

/** What was done at a look, and what became of it. */
export interface Act {
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** The wait before a look. */
export interface Wait {
  readonly until: Milliseconds;
  readonly waker: Waker;
}

/** One turn of the loop that was recorded. */
export interface Moment {
  /** Undefined: the look followed the one before it at once. */
  readonly wait: Wait | undefined;
  /** The last that were noted before the look. */
  readonly settings: unknown;
  readonly snapshot: Snapshot;
  readonly acts: readonly Act[];
}

/** Puts the records of a recording together as turns. */
export function* momentsOf(recording: Pick<Recording, "next">): Generator<Moment, undefined> {
  let wait: Wait | undefined;
  let settings: unknown;
  let record = recording.next();
  while (record !== undefined) {
    if (record.kind === "look") {
      const { snapshot } = record;
      const { acts, after } = actsAfter(recording);
      yield { wait, settings, snapshot, acts };
      wait = undefined;
      record = after;
    } else {
      if (record.kind === "wait") wait = { until: record.until, waker: record.waker };
      if (record.kind === "settings") ({ settings } = record);
      record = recording.next();
    }
  }
  return undefined;
}

function actsAfter(recording: Pick<Recording, "next">): {
  readonly acts: readonly Act[];
  readonly after: TapeRecord | undefined;
} {
  const acts: Act[] = [];
  let record = recording.next();
  while (record?.kind === "act") {
    acts.push({ decision: record.decision, outcome: record.outcome });
    record = recording.next();
  }
  return { acts, after: record };
}
