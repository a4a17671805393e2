import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderMemoryPlot } from "#cli/render/plot/memory-plot.ts";
import { renderTicks, timeTicks } from "#cli/render/plot/time-axis.ts";
import { createStyle } from "#cli/render/style.ts";
import type { PlottedAct, PlotView } from "#daemon/views/plot-view.ts";
import { gib, type KiB, kib, mib, milliseconds, seconds } from "#domain/units.ts";
import { assertGolden } from "#test/support/golden-file.ts";

const plain = createStyle(false);
const screen = { style: plain, width: 100, isUnicode: true };

type Point = readonly [second: number, headroom: KiB, stalledSeconds?: number];

const view = (points: readonly Point[], acts: readonly (readonly [number, PlottedAct])[] = []): PlotView => ({
  lasted_ms: seconds(points.at(-1)?.[0] ?? 0),
  min_kib: mib(226),
  low_kib: mib(452),
  high_kib: mib(678),
  headroom_kib: points.map(([at, value]) => ({ at: seconds(at), value })),
  stalled_ms: points.flatMap(([at, , stalled]) =>
    stalled === undefined ? [] : [{ at: seconds(at), value: seconds(stalled) }],
  ),
  acts: acts.map(([at, act]) => ({ at_ms: milliseconds(at * 1000), act })),
});

/** A fall, thrashing at the bottom, a kill, and a second one by the kernel itself. */
const trouble = view(
  [
    [0, gib(6.5), 0],
    [20, gib(2), 0],
    [30, mib(600), 0.2],
    [38, mib(200), 3],
    [44, mib(40), 8],
    [44.5, gib(4), 8.1],
    [60, gib(4), 8.1],
  ],
  [
    [33, "would-term"],
    [40, "term"],
    [44, "kernel-kill"],
    [44.1, "kill"],
  ],
);

const rowOf = (text: string, label: string): string =>
  text.split("\n").find((line) => line.trimStart().startsWith(label)) ?? assert.fail(`no row of ${label}`);

describe("the plot of memory", () => {
  it("reads as it was reviewed, with Unicode and without", () => {
    assertGolden("cli/plot.txt", `${renderMemoryPlot(trouble, screen)}\n`);
    assertGolden("cli/plot-ascii.txt", `${renderMemoryPlot(trouble, { ...screen, isUnicode: false })}\n`);
  });

  it("is pure ASCII without Unicode", () => {
    assert.doesNotMatch(renderMemoryPlot(trouble, { ...screen, isUnicode: false }), /[^\n -~]/);
  });

  it("has no line longer than its width, at any width", () => {
    for (const width of [50, 72, 100]) {
      for (const line of renderMemoryPlot(trouble, { ...screen, width }).split("\n")) {
        assert.ok(Array.from(line).length <= width, line);
      }
    }
  });

  it("shows what lasted less than a column: no fall is too short to be seen", () => {
    const dip: Point[] = [
      [0, gib(6)],
      [301.29, gib(6)],
      [301.3, mib(10)],
      [301.31, gib(6)],
      [600, gib(6)],
    ];
    assert.match(rowOf(renderMemoryPlot(view(dip), screen), "low"), /[⠀-⣿]/);
    assert.doesNotMatch(rowOf(renderMemoryPlot(view([dip[0] ?? [0, gib(1)], [600, gib(6)]]), screen), "low"), /[⠀-⣿]/);
  });

  it("draws of a SIGTERM and the SIGKILL in the same column the SIGKILL, and explains each letter once", () => {
    const both = renderMemoryPlot(
      view(
        [
          [0, gib(1)],
          [60, gib(1)],
        ],
        [
          [10, "term"],
          [10.01, "kill"],
        ],
      ),
      screen,
    );
    assert.match(rowOf(both, "kills"), /^ *kills *K$/);
    assert.match(both, /K SIGKILL {3}T SIGTERM$/);
  });

  it("tells no stall from no figures of stall", () => {
    assert.match(
      renderMemoryPlot(
        view([
          [0, gib(1)],
          [60, gib(1)],
        ]),
        screen,
      ),
      /stall not recorded/,
    );
    assert.match(
      renderMemoryPlot(
        view([
          [0, gib(1), 5],
          [60, gib(1), 5],
        ]),
        screen,
      ),
      /stall 0 %\n/,
    );
  });

  it("of one look, or of none, is no reason to fail", () => {
    assert.match(renderMemoryPlot(view([[0, kib(0)]]), screen), /high 678 MiB/);
    assert.match(renderMemoryPlot(view([]), screen), /Nothing to draw/);
  });
});

describe("the time axis", () => {
  it("counts in steps that people count in, from a second to days", () => {
    for (const lasted of [0, 900, 4000, 61_000, 600_000, 3_600_000, 9 * 3_600_000, 7 * 24 * 3_600_000]) {
      const ticks = timeTicks(lasted, 84);
      assert.ok(ticks.length >= 1 && ticks.length <= 8, `${lasted}: ${ticks.length}`);
      assert.ok(renderTicks(ticks, 84).length <= 84);
      assert.doesNotMatch(renderTicks(ticks, 84), /\.\d\d|NaN/);
    }
    assert.match(renderTicks(timeTicks(600_000, 84), 84), /^0 min +2 min +4 min +6 min +8 min +10 min$|8 min$/);
  });
});
