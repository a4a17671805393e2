import type { Decision } from "#domain/decision.ts";
import type { Outcome } from "#domain/outcome.ts";
import { below, greatest, type Milliseconds } from "#domain/units.ts";
import type { Waker } from "#machine/machine.ts";
import { type Difference, isSameAct, isSameDecision } from "./difference.ts";
import { type Act, type Moment, momentsOf } from "./moment.ts";
import type { Recording } from "./read-recording.ts";

/** An act, and when it was done. */
export type RecordedAct = Act & { readonly at: Milliseconds };

/** A place in a recording, and how far what is asked there is what was asked when it was made. */
export interface Playback {
  /** The look at this place; undefined before the first. */
  readonly present: Moment | undefined;
  readonly upcoming: Moment | undefined;
  readonly now: Milliseconds;
  /** Nothing was asked yet that was not asked then. */
  readonly isInStep: boolean;
  /** There is no later look that says anything about a machine on which was done what was done here. */
  readonly isOver: boolean;
  /** What was done on the real machine was not done here: what it shows from there on is of another world. */
  readonly isLeft: boolean;
  readonly differences: readonly Difference[];
  readonly recordedActs: readonly RecordedAct[];
  /** Goes on to the next look. */
  advance(): Waker;
  /** Goes on to the first look at that time or later, or to one that something woke the machine for. */
  advanceTo(until: Milliseconds): Waker;
  /** What became of a decision when it was recorded; undefined: it was not. */
  answer(decision: Decision): Outcome | undefined;
  /** Notes that other facts were asked for, or at another time. */
  lookOtherwise(): void;
}

/** A playback before the first look. */
export function startPlayback(recording: Recording): Playback {
  const moments = momentsOf(recording);
  const differences: Difference[] = [];
  const recordedActs: RecordedAct[] = [];
  let now = recording.header.startedAt;
  let present: Moment | undefined;
  let upcoming: Moment | undefined = moments.next().value;
  let undone: Act[] = [];
  let isInStep = true;
  let isLeft = false;
  let isOver = false;

  const differ = (difference: Difference): void => {
    isInStep = false;
    differences.push(difference);
  };

  const leaveUndone = (): void => {
    for (const { decision, outcome } of undone) {
      differ({ kind: "not-made", at: now, recorded: decision });
      if (outcome.kind === "signalled" || outcome.kind === "begun") isLeft = true;
    }
    undone = [];
  };

  const enter = (moment: Moment): void => {
    const { takenAt } = moment.snapshot;
    now = greatest(now, takenAt);
    undone = [...moment.acts];
    recordedActs.push(...undone.map((act) => ({ ...act, at: takenAt })));
  };

  const advance = (): Waker => {
    leaveUndone();
    isOver = isLeft || upcoming === undefined;
    if (isOver || upcoming === undefined) return "due";
    present = upcoming;
    upcoming = moments.next().value;
    enter(present);
    return present.wait?.waker ?? "due";
  };

  return {
    get present() {
      return present;
    },
    get upcoming() {
      return upcoming;
    },
    get now() {
      return now;
    },
    get isInStep() {
      return isInStep;
    },
    get isOver() {
      return isOver;
    },
    get isLeft() {
      return isLeft;
    },
    differences,
    recordedActs,
    advance,
    advanceTo(until) {
      let waker = advance();
      while (!isOver && waker === "due" && below(now, until)) waker = advance();
      if (isOver) now = greatest(now, until);
      return waker;
    },
    answer(decision) {
      const at = undone.findIndex((each) => isSameAct(each.decision, decision));
      const [act] = at < 0 ? [] : undone.splice(at, 1);
      if (act === undefined) differ({ kind: "not-recorded", at: now, made: decision });
      else if (!isSameDecision(act.decision, decision)) {
        differ({ kind: "reasoned-otherwise", at: now, made: decision, recorded: act.decision });
      }
      return act?.outcome;
    },
    lookOtherwise: () => differ({ kind: "looked-otherwise", at: now }),
  };
}
