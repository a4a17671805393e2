import { deathsOf } from "#daemon/scenario/judge-story.ts";
import type { Expectation } from "#daemon/scenario/scenario-expect.ts";
import type { SweptStory } from "#daemon/scenario/sweep.ts";
import { below, type KiB, least, type Milliseconds, type Percent, seconds } from "#domain/units.ts";
import { longestStall } from "#simulated/wakes.ts";
import { plotColumns } from "./plot-view.ts";
import { plotStory } from "./timeline-view.ts";

/** How a story ended under one combination of settings. */
export interface SweepRow {
  readonly settings: Readonly<Record<string, string>>;
  /** Processes tidemark signalled. */
  readonly kills: number;
  /** Of them, those that should have lived; absent where the scenario does not say whose end it expects. */
  readonly wrong_kills?: number;
  readonly victims: readonly string[];
  readonly first_kill_ms?: Milliseconds;
  /** tidemark came too late. */
  readonly kernel_kills: number;
  readonly panicked: boolean;
  /** The longest that anybody at the machine was kept waiting; absent where nobody sits there. */
  readonly longest_stall_ms?: Milliseconds;
  /** Somebody waited longer than the scenario bears, one second where it does not say. */
  readonly froze: boolean;
  /** The largest share of any second in which every task stalled. */
  readonly worst_stall_percent?: Percent;
  readonly least_headroom_kib?: KiB;
}

/** A story as a line of the table. */
export function viewSweepRow({ combination, played }: SweptStory): SweepRow {
  const { story, expectation } = played;
  const { victims, byKernel, hasPanicked } = deathsOf(story.events);
  const [first] = victims;
  const comms = victims.map(({ comm }) => comm);
  const worst = worstStall(played);
  const stall = story.interactivity.length === 0 ? undefined : longestStall(story.interactivity);
  const [headroom, ...more] = story.curve.map((point) => point.headroom);
  return {
    settings: Object.fromEntries(combination.map(({ key, value }) => [key, value])),
    kills: victims.length,
    ...(expectation !== undefined && { wrong_kills: comms.filter((comm) => isWrong(comm, expectation)).length }),
    victims: [...new Set(comms)],
    ...(first !== undefined && { first_kill_ms: first.at }),
    kernel_kills: byKernel.length,
    panicked: hasPanicked,
    ...(stall !== undefined && { longest_stall_ms: stall }),
    froze: stall !== undefined && below(bearable(expectation), stall),
    ...(worst !== undefined && { worst_stall_percent: worst }),
    ...(headroom !== undefined && { least_headroom_kib: more.reduce(least, headroom) }),
  };
}

const isWrong = (comm: string, expectation: Expectation): boolean =>
  expectation.kind === "no-kill" || comm !== expectation.victim;

const bearable = (expectation: Expectation | undefined): Milliseconds =>
  expectation?.kind === "kill" ? expectation.longestStall : seconds(1);

const oneSecond = 1000;

function worstStall(played: SweptStory["played"]): Percent | undefined {
  const count = Math.max(1, Math.ceil(played.story.ended / oneSecond));
  const shares = plotColumns(plotStory(played), count).flatMap(({ stalled }) =>
    stalled === undefined ? [] : [stalled],
  );
  const [first, ...others] = shares;
  return first === undefined ? undefined : others.reduce((most, each) => (each > most ? each : most), first);
}
