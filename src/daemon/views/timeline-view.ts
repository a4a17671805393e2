import { deathsOf } from "#daemon/scenario/judge-story.ts";
import type { Played } from "#daemon/scenario/play-scenario.ts";
import type { Story } from "#daemon/scenario/simulation.ts";
import { type Identity, identityKey } from "#domain/identity.ts";
import { type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import { identityFields } from "#journal/tell.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
import { type Interactivity, longestStall } from "#simulated/wakes.ts";
import { type PlotView, viewPlot } from "./plot-view.ts";

/** One thing that happened in a simulated story. */
export type TimelineRow =
  /** An entry of the journal, with the fields of its event. */
  | {
      readonly source: "tidemark";
      readonly at_ms: number;
      readonly event: Entry["event"];
      readonly level: Entry["level"];
      readonly message: string;
    }
  | MachineRow;

/** Something the machine did, whoever asked for it. */
export type MachineRow = { readonly source: "machine"; readonly at_ms: Milliseconds } & (
  | { readonly event: "machine.panicked" }
  | { readonly event: "machine.suspended"; readonly for_ms: Milliseconds }
  | ({
      readonly event: `machine.${Exclude<MachineEvent["kind"], "kernel-panicked" | "suspended">}`;
      readonly by?: Extract<MachineEvent, { kind: "signalled" }>["by"];
    } & Named)
);

interface Named {
  readonly pid: Identity["pid"];
  readonly start_ticks: Identity["startTicks"];
  readonly comm: string;
}

/** How a simulated story ended. */
export interface StorySummary {
  readonly lasted_ms: Milliseconds;
  readonly looks: number;
  /** Victims tidemark signalled first, escalations not counted. */
  readonly kills: number;
  /** Processes tidemark signalled: more than kills, where one kill took a whole family or group. */
  readonly victims: number;
  /** Victims of the kernel's own OOM killer: tidemark came too late. */
  readonly kernel_kills: number;
  /** The kernel found nobody to kill. */
  readonly panicked: boolean;
  /** The longest that anybody who sat before a program was kept waiting. */
  readonly longest_stall_ms: Milliseconds;
  /** Each program somebody sat before. */
  readonly interactive: readonly WaitsView[];
}

/** How long the wakes of one program took: it wakes every 100 ms. */
export interface WaitsView {
  readonly comm: string;
  readonly wakes: number;
  readonly median_ms: number;
  readonly p99_ms: number;
  readonly longest_ms: number;
  readonly longest_at_ms: Milliseconds | undefined;
  /** Longer than people notice. */
  readonly over_100_ms: number;
  /** Longer than people bear: they call it frozen. */
  readonly over_1000_ms: number;
}

/** Both sides of a story in the order of time; at one time, the machine first. Children that come and go by hundreds are told only where one was signalled. */
export function viewTimeline({ entries, events }: Story): readonly TimelineRow[] {
  const signalled = new Set(events.flatMap((event) => (event.kind === "signalled" ? identityKey(event.identity) : [])));
  const told = events.filter(
    (event) => !("isChild" in event && event.isChild) || signalled.has(identityKey(event.identity)),
  );
  const rows: readonly TimelineRow[] = [...told.map(machineRow), ...entries.map(entryRow)];
  return rows.toSorted((a, b) => a.at_ms - b.at_ms);
}

/** The story in numbers. */
export const summarizeStory = ({ entries, events, looks, ended, interactivity }: Story): StorySummary => ({
  lasted_ms: ended,
  looks,
  kills: entries.filter(({ event }) => event === "victim.signalled").length,
  victims: deathsOf(events).victims.length,
  kernel_kills: events.filter(({ kind }) => kind === "kernel-oom-kill").length,
  panicked: events.some(({ kind }) => kind === "kernel-panicked"),
  longest_stall_ms: longestStall(interactivity),
  interactive: interactivity.map(viewWaits),
});

function viewWaits({ name, wakes, slow }: Interactivity): WaitsView {
  const ordered = slow.toSorted((a, b) => b.took - a.took);
  // Those that were not kept waiting took no time.
  const atShare = (share: number) => round(ordered[Math.floor(wakes * (1 - share))]?.took ?? 0);
  const [longest] = ordered;
  return {
    comm: name,
    wakes,
    median_ms: atShare(0.5),
    p99_ms: atShare(0.99),
    longest_ms: round(longest?.took ?? 0),
    longest_at_ms: longest?.at,
    over_100_ms: slow.filter(({ took }) => took > 100).length,
    over_1000_ms: slow.filter(({ took }) => took > 1000).length,
  };
}

const round = (duration: number): number => Math.round(duration);

const entryRow = ({ wallTime, event, level, sentence, fields }: Entry): TimelineRow => ({
  source: "tidemark",
  at_ms: wallTime,
  event,
  level,
  ...fields,
  message: sentence,
});

function machineRow(event: MachineEvent): MachineRow {
  if (event.kind === "suspended") {
    return { source: "machine", at_ms: event.at, event: "machine.suspended", for_ms: event.for };
  }
  if (event.kind === "kernel-panicked") return { source: "machine", at_ms: event.at, event: "machine.panicked" };
  return {
    source: "machine",
    at_ms: event.at,
    event: `machine.${event.kind}`,
    ...identityFields(event.identity),
    comm: event.comm,
    ...("by" in event && { by: event.by }),
  };
}

/** The story as it is drawn. */
export const plotStory = ({ story, plan }: Extract<Played, { kind: "story" }>): PlotView =>
  viewPlot({
    curve: story.curve,
    startedAt: milliseconds(0),
    endedAt: story.ended,
    marks: plan.headroom,
    entries: story.entries,
    others: story.events.flatMap(({ kind, at }): PlotView["acts"] =>
      kind === "kernel-oom-kill" ? [{ at_ms: at, act: "kernel-kill" }] : [],
    ),
  });
