import { packageVersion } from "#daemon/package-root.ts";
import type { Replay } from "#daemon/recording/replay.ts";
import type { Decision } from "#domain/decision.ts";
import { type Milliseconds, milliseconds, subtract } from "#domain/units.ts";
import type { Rule } from "#engine/rule.ts";
import type { Entry } from "#journal/entry.ts";
import type { Difference } from "#recorded/difference.ts";
import { type PlotView, viewPlot } from "./plot-view.ts";

/** One line of a replay; times are milliseconds since the recording began. */
export type ReplayRow =
  | {
      readonly source: "tidemark";
      readonly at_ms: Milliseconds;
      readonly event: Entry["event"];
      readonly level: Entry["level"];
      readonly message: string;
    }
  /** What was decided then, and is not now. */
  | { readonly source: "recorded"; readonly at_ms: Milliseconds; readonly message: string };

/** How a replay compares with what was recorded. */
export interface ReplaySummary {
  /** `same-acts`: the same is done to the same processes at the same looks, for other reasons or with other pauses. */
  readonly verdict: "identical" | "same-acts" | "different";
  readonly is_what_if: boolean;
  readonly looks: number;
  readonly lasted_ms: Milliseconds;
  readonly decisions: number;
  readonly recorded_decisions: number;
  /** The first decision that is another. */
  readonly first_difference_ms?: Milliseconds;
  /** From here on the recording shows a machine on which this kill was not made. */
  readonly unknown_from_ms?: Milliseconds;
  readonly ended: Replay["ending"]["kind"];
  readonly damage?: string;
  readonly held_facts: readonly string[];
  /** Rules that ask for names the recording does not hold. */
  readonly unjudged_rules: number;
  readonly kernel_release: string;
  readonly architecture: string;
  readonly version: string;
  /** Absent when it is the version that made the recording. */
  readonly this_version?: string;
}

const isOtherAct = ({ kind }: Difference): boolean => kind === "not-made" || kind === "not-recorded";

function verdictOf({ differences, ending }: Replay): ReplaySummary["verdict"] {
  if (differences.length === 0) return ending.kind === "left" ? "different" : "identical";
  return differences.some(isOtherAct) ? "different" : "same-acts";
}

/** Whether anybody is signalled by it. */
const touches = ({ kind }: Decision): boolean => kind === "signal" || kind === "escalate";

/** A replay in numbers. */
export function summarizeReplay(replay: Replay): ReplaySummary {
  const { header, differences, ending, looks, decisions, recordedActs, endedAt, inForce } = replay;
  const since = (at: Milliseconds): Milliseconds => subtract(at, header.startedAt);
  const verdict = verdictOf(replay);
  const isWanted = verdict === "different" ? isOtherAct : ({ kind }: Difference) => kind !== "looked-otherwise";
  const first = differences.find(isWanted);
  const unmade = differences.find((each) => each.kind === "not-recorded" && touches(each.made));
  const version = packageVersion();
  return {
    verdict,
    is_what_if: replay.isWhatIf,
    looks,
    lasted_ms: since(endedAt),
    decisions: decisions.length,
    recorded_decisions: recordedActs.length,
    ...(first && { first_difference_ms: since(first.at) }),
    ...(unmade && { unknown_from_ms: since(unmade.at) }),
    ended: ending.kind,
    ...(ending.kind === "damaged" && { damage: ending.text }),
    held_facts: replay.heldFacts,
    unjudged_rules: inForce.plan.rules.filter((rule) => isUnjudged(rule, header.hasNames)).length,
    kernel_release: header.capabilities.kernelRelease,
    architecture: header.capabilities.architecture,
    version: header.version,
    ...(header.version !== version && { this_version: version }),
  };
}

/** Command lines are never recorded, names only when somebody asked for them. */
const isUnjudged = ({ when }: Rule, hasNames: boolean): boolean =>
  when.cmdline !== undefined || (!hasNames && [when.name, when.exe, when.cgroup].some((each) => each !== undefined));

/** What is decided now, and what was decided otherwise, in the order of time. */
export function viewReplay({ header, entries, differences }: Replay): readonly ReplayRow[] {
  const rows: readonly ReplayRow[] = [
    ...entries.map(({ wallTime, event, level, sentence, fields }) => ({
      source: "tidemark" as const,
      at_ms: milliseconds(wallTime),
      event,
      level,
      ...fields,
      message: sentence,
    })),
    ...differences.flatMap((each): readonly ReplayRow[] =>
      each.kind === "not-made" && touches(each.recorded)
        ? [{ source: "recorded", at_ms: subtract(each.at, header.startedAt), message: describeAct(each.recorded) }]
        : [],
    ),
  ];
  return rows.toSorted((a, b) => a.at_ms - b.at_ms);
}

/** The replay as it is drawn. */
export const plotReplay = ({ header, curve, endedAt, inForce, entries, differences }: Replay): PlotView =>
  viewPlot({
    curve,
    startedAt: header.startedAt,
    endedAt,
    marks: inForce.plan.headroom,
    entries,
    others: differences.flatMap((each): PlotView["acts"] =>
      each.kind === "not-made" && touches(each.recorded)
        ? [{ at_ms: subtract(each.at, header.startedAt), act: "then-only" }]
        : [],
    ),
  });

/** What was done to whom, in a few words. */
function describeAct(decision: Decision): string {
  switch (decision.kind) {
    case "signal":
      return `${decision.program?.name ?? decision.signal} to ${decision.victim.identity.pid} (${decision.victim.comm})`;
    case "escalate":
      return `${decision.signal ?? "SIGKILL"} to ${decision.victim.identity.pid} (${decision.victim.comm})`;
    case "adopt":
      return `${decision.victim.identity.pid} (${decision.victim.comm}), dying already, was waited for`;
    case "reap":
      return `the memory of ${decision.victim.pid} was taken back`;
    case "release":
      return `${decision.victim.pid} was let go`;
    case "enlist":
      return `${decision.givers.map(({ name }) => name).join(", ")} were made ready`;
    case "ask":
      return `${decision.giver.name} was asked for memory`;
    case "dismiss":
      return `${decision.giver.name} was dismissed`;
  }
}
