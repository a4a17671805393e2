import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { gib, type KiB, mib } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { aMemcg } from "#test/support/a-memcg.ts";
import { aMachine } from "./a-machine.ts";

const load = (...texts: readonly string[]) =>
  loadConfig({
    presets: {},
    files: texts.map((text, index) => ({ path: `file-${index}.toml`, text })),
    overrides: ["preset=none"],
  });

function planOf(text: string): Plan {
  const compiled = compilePlan(load(text), aMachine());
  assert.ok(compiled.kind === "plan", compiled.kind === "refused" ? compiled.problems[0]?.message : "");
  return compiled.plan;
}

const messages = (...texts: readonly string[]) => load(...texts).problems.map(({ message }) => message);
const memcg = (rest: string) => `[[memcg]]\npath = "/app"\n${rest}`;
const withinOf = (text: string, limit: KiB | undefined = gib(1)) =>
  planOf(text).memcgs[0]?.within({ limit, ram: gib(8), swap: gib(2) });
const planned = (text: string, limit?: KiB) => {
  const within = withinOf(text, limit);
  assert.ok(typeof within === "object");
  return within;
};
const marksOf = (text: string, limit?: KiB) => planned(text, limit).headroom;

describe("memcgs in a config", () => {
  it("are none unless somebody names them", () => {
    assert.deepEqual(planOf("").memcgs, []);
  });

  it("that are named are watched, in their order, with watermarks that follow their limit", () => {
    const { memcgs } = planOf('[[memcg]]\npath = "/b*"\n[[memcg]]\npath = "/a"\n');
    assert.deepEqual(
      memcgs.map(({ path }) => path),
      ["/b*", "/a"],
    );
    assert.deepEqual(marksOf(memcg("")), { min: mib(50), low: mib(100), high: mib(150) });
    assert.deepEqual(marksOf(memcg(""), gib(4)), { min: mib(100), low: mib(200), high: mib(300) });
    assert.deepEqual(marksOf(memcg(""), mib(100)), { min: mib(10), low: mib(20), high: mib(30) });
  });

  it("take sizes, or shares of their limit; what is left out follows", () => {
    assert.deepEqual(marksOf(memcg('low = "10%"\n'), mib(1000)), { min: mib(50), low: mib(100), high: mib(150) });
    assert.deepEqual(marksOf(memcg('min = "8MiB"\nhigh = "32MiB"\n')), { min: mib(8), low: mib(20), high: mib(32) });
  });

  it("whose watermarks do not fit into their limit are not watched", () => {
    assert.equal(withinOf(memcg('low = "100MiB"\n'), mib(128)), "limit-too-small");
  });

  it("have the alarms of the machine, as far as their detectors can tell of a memcg", () => {
    assert.deepEqual(
      planned(memcg("")).alarms.map(({ kind, detectors }) => [kind, ...detectors]),
      [
        ["approaching", "headroom"],
        ["scarce", "headroom", "forecast"],
        ["stalling", "stall"],
        ["exhausted", "headroom"],
      ],
    );
  });

  it("lose an alarm that needs the word of a detector that cannot tell of a memcg", () => {
    const text = '[alarm.scarce]\nwhen = "all"\ndetectors = ["headroom", "thrash"]\n';
    const kinds = planned(text + memcg("")).alarms.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["approaching", "stalling", "exhausted"]);
  });

  it("stall by their own limit and window, and only while little is available within them", () => {
    const text = `[stall]\navailable_below = "8GiB"\n${memcg('stall_limit = "25%"\nstall_window = "4s"\n')}`;
    const stall = planned(text).detectors.find(({ name }) => name === "stall");
    const pressure = { some: { total: 0 }, full: { total: 0 } };
    const watch = stall?.watch({ pressure } as never);
    assert.equal(watch?.window, 4000);
    const growth = { some: 4_000_000, full: 2_000_000 };
    const sighting = stall?.detect({ growth, available: mib(400) } as never);
    assert.deepEqual(sighting?.reason, {
      kind: "stalled",
      line: "full",
      share: 50,
      limit: 25,
      window: 4000,
      available: mib(400),
      availableBelow: mib(128),
    });
  });

  it("have limits of their own where somebody writes them, measured against what they may hold", () => {
    const text =
      'swap_limit = "50%"\nsize_limit = "25%"\nhold_for = "10s"\ngrowth_limit = "256MiB"\ngrowth_window = "5s"\n';
    const thresholds = (limit?: KiB) =>
      planned(memcg(text), limit).detectors.flatMap((detector) => {
        if (!detector.name.startsWith("memcg-")) return [];
        const told = detector.detect({ facts: { memcg: aMemcg(mib(600)) }, growth: { held: 0 } } as never);
        return told && "holdFor" in told.reason ? [[told.reason.kind, told.reason.threshold, told.reason.holdFor]] : [];
      });
    assert.deepEqual(thresholds(), [
      ["memcg-swap", gib(1), 10_000],
      ["memcg-size", mib(256), 10_000],
    ]);
    const within = planOf(memcg(text)).memcgs[0]?.within({ limit: undefined, ram: gib(8), swap: gib(2) });
    assert.ok(typeof within === "object");
    assert.deepEqual(
      within.alarms.map(({ kind, own, holdFor }) => [kind, own, holdFor]),
      [
        ["scarce", "memcg-swap", 10_000],
        ["scarce", "memcg-size", 10_000],
        ["scarce", "memcg-growth", 0],
      ],
    );
  });

  it("without a limit are watched for what was asked of them in so many words, and for nothing else", () => {
    const unlimited = (text: string) =>
      planOf(memcg(text)).memcgs[0]?.within({ limit: undefined, ram: gib(8), swap: gib(2) });
    assert.equal(unlimited('low = "64MiB"\n'), "unlimited");
    const stalls = unlimited('stall_limit = "60%"\n');
    assert.ok(typeof stalls === "object");
    assert.deepEqual(
      stalls.alarms.map(({ kind, detectors }) => [kind, ...detectors]),
      [["stalling", "stall"]],
    );
    assert.deepEqual(stalls.headroom, planOf("").headroom);
  });

  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    "without a path": ['[[memcg]]\nlow = "1GiB"\n', /without path/],
    "with a path that leads upwards": ['[[memcg]]\npath = "/a/../b"\n', /leaves the hierarchy/],
    "with a path that is none": ['[[memcg]]\npath = "app"\n', /not the path of a cgroup/],
    "with an unknown key": [memcg('lwo = "1GiB"\n'), /no such key; write low/],
    "with a bare number": [memcg("low = 64\n"), /says no unit/],
    "with sizes and shares": [memcg('min = "64MiB"\nlow = "20%"\n'), /write all in one way/],
    "with low above high": [memcg('low = "64MiB"\nhigh = "32MiB"\n'), /min < low < high/],
    "with a share of nearly all": [memcg('high = "90%"\n'), /outside/],
    "with a stall longer than a minute": [memcg('stall_window = "5min"\n'), /outside/],
    "named twice": [memcg("") + memcg(""), /twice: the other one is at file-0.toml:1/],
    "with a limit of its own that is left to auto": [memcg('size_limit = "auto"\n'), /nothing can be found out/],
    "with a time that is about no limit": [memcg('hold_for = "10s"\n'), /write one of them/],
    "with a window that is about no limit": [memcg('growth_window = "10s"\n'), /write growth_limit/],
    "in a single table": ['[memcg]\npath = "/app"\n', /not a list of tables/],
  };
  for (const [what, [text, because]] of Object.entries(refused)) {
    it(`${what} are refused`, () => {
      const [message = "", ...others] = messages(text);
      assert.match(message, because);
      assert.deepEqual(others, []);
    });
  }
});
