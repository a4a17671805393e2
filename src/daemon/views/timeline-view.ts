import type { Played } from "#daemon/scenario/play-scenario.ts";
import type { Story } from "#daemon/scenario/simulation.ts";
import type { Identity } from "#domain/identity.ts";
import { type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import { identityFields } from "#journal/tell.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
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
  | ({
      readonly event: `machine.${Exclude<MachineEvent["kind"], "kernel-panicked">}`;
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
  /** Victims of the kernel's own OOM killer: tidemark came too late. */
  readonly kernel_kills: number;
  /** The kernel found nobody to kill. */
  readonly panicked: boolean;
}

/** Both sides of a story in the order of time; at one time, the machine first. */
export function viewTimeline({ entries, events }: Story): readonly TimelineRow[] {
  const rows: readonly TimelineRow[] = [...events.map(machineRow), ...entries.map(entryRow)];
  return rows.toSorted((a, b) => a.at_ms - b.at_ms);
}

/** The story in numbers. */
export const summarizeStory = ({ entries, events, looks, ended }: Story): StorySummary => ({
  lasted_ms: ended,
  looks,
  kills: entries.filter(({ event }) => event === "victim.signalled").length,
  kernel_kills: events.filter(({ kind }) => kind === "kernel-oom-kill").length,
  panicked: events.some(({ kind }) => kind === "kernel-panicked"),
});

const entryRow = ({ wallTime, event, level, sentence, fields }: Entry): TimelineRow => ({
  source: "tidemark",
  at_ms: wallTime,
  event,
  level,
  ...fields,
  message: sentence,
});

function machineRow(event: MachineEvent): MachineRow {
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
