import type { Stall } from "#daemon/scenario/judge-story.ts";
import { add, type KiB, kibToMiB, type Milliseconds, millisecondsToSeconds } from "#domain/units.ts";
import type { GuestRecord } from "#test/vm/record.ts";
import { lineThrough, lowestPerPixel, type Point } from "./path.ts";
import type { Scale } from "./scale.ts";

/** What the axes of a panel are: seconds, MiB, and seconds that somebody waits. */
export interface Axes {
  readonly time: Scale;
  readonly memory: Scale;
  readonly wait: Scale;
}

/** What of one run is drawn. */
export type Drawn = Pick<GuestRecord, "memory" | "stalls" | "deaths" | "lasted">;

/** The curves of one run, as elements of SVG: memory, waits, and a mark wherever a process was ended. */
export function drawRun(run: Drawn, axes: Axes): string {
  const { memory, deaths } = run;
  const hasSwap = memory.some(({ swapFree }) => swapFree > 0);
  const ended = [...deaths.victims, ...deaths.byKernel].map(({ at }) => at);
  return [
    drawEnds(ended, axes),
    drawMemory(
      "available",
      memory.map(({ at, available }) => ({ at, size: available })),
      axes,
    ),
    hasSwap
      ? drawMemory(
          "swap",
          memory.map(({ at, swapFree }) => ({ at, size: swapFree })),
          axes,
        )
      : "",
    drawWaits(run, axes),
  ].join("");
}

const across = (at: Milliseconds, { time }: Axes): number => time.place(millisecondsToSeconds(at));

type Sizes = readonly { readonly at: Milliseconds; readonly size: KiB }[];

/** Of the samples in a pixel, the least is drawn. */
function drawMemory(what: "available" | "swap", sizes: Sizes, axes: Axes): string {
  const points = sizes.map(({ at, size }) => ({ x: across(at, axes), y: axes.memory.place(kibToMiB(size)) }));
  return `<path class="${what}" d="${lineThrough(lowestPerPixel(points))}"/>`;
}

/** What is less than half a pixel high is not to be seen. */
const visible = 0.5;

/** How long somebody has been waiting grows until the wait is over. Of waits that end in the same pixel, the longest is drawn. */
function drawWaits({ stalls }: Drawn, axes: Axes): string {
  const longest = new Map<number, Stall>();
  for (const stall of stalls.toSorted((a, b) => a.took - b.took))
    longest.set(Math.round(across(add(stall.at, stall.took), axes)), stall);
  const ground = axes.wait.place(0);
  const triangles = [...longest.values()].flatMap(({ at, took }) => {
    const [from, to] = [across(at, axes), across(add(at, took), axes)];
    const top = axes.wait.place(millisecondsToSeconds(took));
    const corners: readonly Point[] = [
      { x: from, y: ground },
      { x: to, y: top },
      { x: to, y: ground },
    ];
    return ground - top < visible ? [] : [lineThrough(corners)];
  });
  return `<path class="wait" d="${triangles.join("")}"/>`;
}

/** Several in the same pixel are one mark. */
function drawEnds(times: readonly Milliseconds[], axes: Axes): string {
  const places = [...new Set(times.map((at) => Math.round(across(at, axes))))];
  const [top, bottom] = [axes.memory.place(axes.memory.ticks.at(-1) ?? 0), axes.wait.place(0)];
  return `<path class="end" d="${places.map((x) => `M${x} ${top}V${bottom}`).join("")}"/>`;
}
