import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { headroomScale } from "#daemon/views/headroom-scale.ts";
import type { PlotView } from "#daemon/views/plot-view.ts";
import { gib, type KiB, kib, mib, milliseconds, scale } from "#domain/units.ts";

const viewOf = (ram: KiB, low: KiB): PlotView => ({
  lasted_ms: milliseconds(1000),
  min_kib: scale(low, 0.5),
  low_kib: low,
  high_kib: scale(low, 1.5),
  headroom_kib: [{ at: milliseconds(0), value: ram }],
  stalled_ms: [],
  acts: [],
});

const sizes = [gib(1), gib(4), gib(16), gib(64), gib(512)] as const;

describe("the scale of headroom", () => {
  it("gives each watermark a row of its own on machines of every size", () => {
    for (const ram of sizes) {
      const view = viewOf(ram, mib(160 * Math.sqrt(ram / gib(1))));
      const { rows, rowOf } = headroomScale(view);
      for (const mark of ["high", "low", "min"] as const) {
        const row = rows.findIndex((each) => each.mark === mark);
        assert.equal(Math.floor(rowOf(view[`${mark}_kib`])), row, `${mark} of ${ram} KiB`);
      }
    }
  });

  it("puts more headroom higher, from nothing at all to all there is", () => {
    const view = viewOf(gib(16), mib(640));
    const { rows, rowOf } = headroomScale(view);
    const amounts = Array.from({ length: 400 }, (_, at) => scale(gib(16), at / 399));
    const places = amounts.map((amount) => rowOf(kib(amount)));
    for (const [at, place] of places.entries()) assert.ok(at === 0 || place < (places[at - 1] ?? 0), `${amounts[at]}`);
    assert.deepEqual([places[0], places.at(-1)], [rows.length, 0]);
  });

  it("labels rows with the amounts that lie there", () => {
    const { rows } = headroomScale(viewOf(gib(16), mib(640)));
    assert.deepEqual(
      rows.map(({ label }) => label),
      ["16 GiB", "", "4.4 GiB", "", "1.6 GiB", "high 960 MiB", "", "low 640 MiB", "", "min 320 MiB", "0"],
    );
  });
});
