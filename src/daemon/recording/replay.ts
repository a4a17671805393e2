import type { ConfigChoice } from "#daemon/config-files.ts";
import { type CurvePoint, pointOf } from "#daemon/curve.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { runLoop } from "#daemon/loop.ts";
import type { PlanInForce } from "#daemon/plan-reading.ts";
import type { Decision } from "#domain/decision.ts";
import type { FactName } from "#domain/snapshot.ts";
import { type Milliseconds, subtract } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Difference } from "#recorded/difference.ts";
import type { RecordedAct } from "#recorded/playback.ts";
import { openRecording, type TapeEnding } from "#recorded/read-recording.ts";
import { recordedMachine } from "#recorded/recorded-machine.ts";
import type { TapeHeader } from "#recorded/tape-record.ts";
import { planOfThen } from "./plan-of-then.ts";

/** A recording that was decided upon again. */
export interface Replay {
  readonly header: TapeHeader;
  /** Other settings than those of then. */
  readonly isWhatIf: boolean;
  /** The plan it ended with. */
  readonly inForce: PlanInForce;
  /** The journal; `wallTime` is milliseconds since the recording began. */
  readonly entries: readonly Entry[];
  readonly curve: readonly CurvePoint[];
  readonly looks: number;
  readonly decisions: readonly Decision[];
  readonly recordedActs: readonly RecordedAct[];
  readonly differences: readonly Difference[];
  readonly heldFacts: readonly FactName[];
  /** `left`: somebody was touched who is not touched now, so the rest is of another world. */
  readonly ending: TapeEnding | { readonly kind: "left" };
  /** On the clock of the recorded machine, as all times but those of the journal. */
  readonly endedAt: Milliseconds;
}

/** Plays a recording with the very loop, engine and journal of the daemon. @throws RefusedReplay, UnreadableConfig, RecordingError */
export async function replay(path: string, choice: ConfigChoice): Promise<Replay> {
  using recording = openRecording(path);
  using scout = openRecording(path);
  const { header } = recording;
  const recorded = recordedMachine({ recording, scout });
  const { playback } = recorded;
  const { inForce, refit } = planOfThen(recorded.settings, choice);
  const curve: CurvePoint[] = [];
  let looks = 0;
  const entries: Entry[] = [];
  const decisions: Decision[] = [];
  const now = (): Milliseconds => recorded.now();
  const journal = keptJournal({
    keep: (entry) => entries.push(entry),
    level: inForce().loaded.config.journal.level,
    now,
    wallTime: () => subtract(now(), header.startedAt),
  });
  await runLoop(
    { machine: recorded, journal, plan: () => inForce().plan },
    {
      isStopping: () => playback.isOver,
      watch: (turn) => {
        decisions.push(...turn.verdict.decisions);
        curve.push(...pointOf(turn));
        looks += 1;
        refit(turn, journal);
      },
    },
  );
  return {
    header,
    isWhatIf: choice.path !== undefined || choice.overrides.length > 0,
    inForce: inForce(),
    entries,
    curve,
    looks,
    decisions,
    recordedActs: playback.recordedActs,
    differences: playback.differences,
    heldFacts: [...recorded.heldFacts],
    ending: playback.isLeft ? { kind: "left" } : recording.ending,
    endedAt: now(),
  };
}
