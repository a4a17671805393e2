import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { claimAtMost } from "#test/support/bench/bench.ts";
import { type Measured, renderForTerminal, renderPage } from "#test/support/bench/render-bench.ts";

const surroundings = {
  date: "2026-11-22 22:00 UTC",
  machine: "2 × processor, 24.0 GiB",
  kernel: "Linux 6.18",
  node: "v20.20.0",
  tidemark: "0.1.0",
  earlyoom: "v1.9.0, with process_mrelease",
  nohang: "v0.2.0",
  load: 0.5,
};

const measured: Measured = {
  bench: { name: "kill", title: "Kill latency" },
  surroundings,
  seconds: 12,
  result: {
    tables: [{ title: "In milliseconds", columns: ["killer", "signal"], rows: [["tidemark", "1.00 / 2.00 / 3.00"]] }],
    claims: [claimAtMost("as quick as lightning", 3, 2)],
    method: ["With a stopwatch."],
    samples: [],
  },
};

const lacking: Measured = { ...measured, result: { lacking: "needs root" } };

describe("the page of benchmarks", () => {
  const page = renderPage([measured, lacking], surroundings);

  it("says where and with what it was measured", () => {
    for (const text of ["2 × processor", "Linux 6.18", "v20.20.0", "earlyoom: v1.9.0", "2026-11-22", "load: 0.50"]) {
      assert.ok(page.includes(text), text);
    }
  });

  it("has a row for every row, in Markdown", () => {
    assert.match(page, /^\| tidemark \| 1\.00 \/ 2\.00 \/ 3\.00 \|$/m);
  });

  it("does not hide a claim that does not hold", () => {
    assert.match(page, /^\| as quick as lightning \| 3\.00 \| does not hold \|$/m);
  });

  it("says why something was not measured", () => {
    assert.ok(page.includes("Not measured: needs root."));
  });
});

describe("what a bench prints", () => {
  it("is the same in columns", () => {
    const text = renderForTerminal(measured);
    for (const part of ["Kill latency", "tidemark", "1.00 / 2.00 / 3.00", "does not hold", "With a stopwatch."]) {
      assert.ok(text.includes(part), part);
    }
  });
});
