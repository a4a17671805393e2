import type { ConfigChoice } from "#daemon/config-files.ts";
import { readSources } from "#daemon/config-files.ts";
import { type CurvePoint, pointOf } from "#daemon/curve.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { runLoop } from "#daemon/loop.ts";
import { makePlan, type PlanInForce } from "#daemon/plan-reading.ts";
import type { Decision } from "#domain/decision.ts";
import type { FactName } from "#domain/snapshot.ts";
import { type Milliseconds, subtract } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Difference } from "#recorded/difference.ts";
import type { RecordedAct } from "#recorded/playback.ts";
import { openRecording, type TapeEnding } from "#recorded/read-recording.ts";
import { recordedMachine } from "#recorded/recorded-machine.ts";
import type { TapeHeader } from "#recorded/tape-record.ts";
import { isNoted, type NotedSettings } from "./noted-settings.ts";

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

/** Settings that cannot be replayed under. */
export class RefusedReplay extends Error {}

type Planner = () => PlanInForce;

/**
 * The plan at each look: the noted settings with what is changed of them, or others altogether. Where settings do not fit a machine
 * that has changed its size, the last ones that did stay in force, as with the daemon.
 */
function plannerOf(noted: () => unknown, { path, overrides }: ConfigChoice): Planner {
  const made = new Map<unknown, PlanInForce>();
  let last: PlanInForce | undefined;
  const make = (settings: NotedSettings): PlanInForce => {
    const { sources, facts } = settings;
    const chosen = path === undefined ? { ...sources, overrides: [...sources.overrides, ...overrides] } : undefined;
    const read = chosen === undefined ? readSources({ path, overrides }) : { sources: chosen, advice: [] };
    const reading = makePlan(read, facts);
    if (reading.kind === "plan") return reading;
    if (last !== undefined) return last;
    throw new RefusedReplay(reading.text);
  };
  return () => {
    const settings = noted();
    if (!isNoted(settings)) throw new RefusedReplay("Cannot replay this: no settings are noted in the recording");
    const plan = made.get(settings) ?? make(settings);
    made.set(settings, plan);
    last = plan;
    return plan;
  };
}

/** Plays a recording with the very loop, engine and journal of the daemon. @throws RefusedReplay, UnreadableConfig, RecordingError */
export async function replay(path: string, choice: ConfigChoice): Promise<Replay> {
  using recording = openRecording(path);
  using scout = openRecording(path);
  const { header } = recording;
  const recorded = recordedMachine({ recording, scout });
  const { playback } = recorded;
  const planner = plannerOf(recorded.settings, choice);
  const curve: CurvePoint[] = [];
  let looks = 0;
  const entries: Entry[] = [];
  const decisions: Decision[] = [];
  const now = (): Milliseconds => recorded.now();
  const journal = keptJournal({
    keep: (entry) => entries.push(entry),
    level: planner().loaded.config.journal.level,
    now,
    wallTime: () => subtract(now(), header.startedAt),
  });
  await runLoop(
    { machine: recorded, journal, plan: () => planner().plan },
    {
      isStopping: () => playback.isOver,
      watch: (turn) => {
        decisions.push(...turn.verdict.decisions);
        curve.push(...pointOf(turn));
        looks += 1;
      },
    },
  );
  return {
    header,
    isWhatIf: choice.path !== undefined || choice.overrides.length > 0,
    inForce: planner(),
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
