import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plotColumns, viewPlot } from "#daemon/views/plot-view.ts";
import { type KiB, type Milliseconds, mib, microseconds, milliseconds, seconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";

const marks = { min: mib(1), low: mib(2), high: mib(3) };

const entry = (event: Entry["event"], wallTime: number, fields: object = {}): Entry => ({
  wallTime,
  event,
  messageId: "",
  level: "warn",
  fields,
  suppressed: 0,
  sentence: "",
});

const point = (at: Milliseconds, headroom: KiB, stalledMs: number) => ({
  at,
  headroom,
  stalled: microseconds(stalledMs * 1000),
});

const view = (entries: readonly Entry[] = []) =>
  viewPlot({
    curve: [point(seconds(10), mib(100), 500), point(seconds(14), mib(20), 2500)],
    startedAt: seconds(10),
    endedAt: seconds(14),
    marks,
    entries,
    others: [{ at_ms: milliseconds(1), act: "kernel-kill" }],
  });

describe("what is drawn", () => {
  it("begins with the recording, whatever the machine's clock said", () => {
    const { headroom_kib, lasted_ms } = view();
    assert.equal(lasted_ms, 4000);
    assert.deepEqual(
      headroom_kib.map(({ at }) => at),
      [0, 4000],
    );
  });

  it("tells signals that were sent from those that would have been, and both from what others did", () => {
    const acts = view([
      entry("kill.rehearsed", 5, { signal: "SIGKILL" }),
      entry("victim.signalled", 6, { signal: "SIGTERM" }),
      entry("alarm.raised", 6),
      entry("kill.rehearsed", 7, { signal: "SIGTERM" }),
      entry("victim.escalated", 8, { signal: "SIGKILL" }),
    ]).acts;
    assert.deepEqual(
      acts.map(({ act }) => act),
      ["kernel-kill", "would-kill", "term", "would-term", "kill"],
    );
  });

  it("shares stall out over the time in which it grew", () => {
    const [first, second] = plotColumns(view(), 2);
    assert.deepEqual([first?.stalled, second?.stalled], [50, 50]);
    assert.deepEqual(first?.headroom, [mib(60), mib(100)]);
  });
});
