import { doesNotMatch, equal, match, ok } from "node:assert/strict";
import { test } from "node:test";
import { kib } from "#domain/units.ts";
import { aLabRun } from "#test/support/lab-runs.ts";
import { type Column, drawPlot } from "#test/vm/lab/plot/plot.ts";
import { readRecord } from "#test/vm/record.ts";

const column: Column = { name: "tidemark", outcome: "ended hog at 2.0 s", run: aLabRun().record };
/** A minute and a half at its worst: memory that is another at each sample, and nothing but waits. */
const moments = Array.from({ length: 1800 }, (_, index) => {
  const at = `${index * 50}.0`;
  const [available, swapFree, late] = [index * 7919, index * 104_729, index * 31];
  return `${at}\tmemory\t${available % 1e6}\t${swapFree % 1e6}\n${at}\twoke\teditor\t3\t${51 + (late % 400)}\n`;
});
const wild = readRecord(`0.0\tzero\n${moments.join("")}90000.0\tend\n`, "");

test("the same runs are always drawn alike", () => equal(drawPlot("x", [column]), drawPlot("x", [column])));

test("what is drawn is said to whoever cannot see it", () => {
  const plot = drawPlot("A leak", [column, { ...column, name: "kernel" }]);
  match(plot, /<svg [^>]*role="img">\n<title>A leak<\/title>\n<desc>.*tidemark: ended hog at 2\.0 s; kernel: /);
});

test("a name is text, whatever it is made of", () => {
  const plot = drawPlot("<script>", [{ ...column, outcome: 'ended <a & "b">' }]);
  doesNotMatch(plot, /<script|<a/);
  match(plot, />ended &lt;a &amp; &quot;b&quot;&gt;</);
});

test("colours follow those of the page, on a ground of their own", () => {
  const [light = "", dark = ""] = drawPlot("x", [column]).split("@media(prefers-color-scheme:dark)");
  match(light, /\.ground\{fill:#fff\}/);
  match(dark, /^\{.*\.ground\{fill:#0d1117\}/);
});

test("free swap is drawn where there is any", () => {
  const memory = column.run.memory.map((sample) => ({ ...sample, swapFree: kib(0) }));
  match(drawPlot("x", [column]), /<path class="swap" d=/);
  doesNotMatch(drawPlot("x", [{ ...column, run: { ...column.run, memory } }]), /<path class="swap" d=/);
});

test("however wild a story is and long, its file is small", () => {
  const plot = drawPlot(
    "x",
    [1, 2, 3].map((number) => ({ ...column, name: `guard ${number}`, run: wild })),
  );
  ok(plot.length < 40_000, `${plot.length} bytes`);
});
