import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Compiled, compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { bytes, gib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { MachineFacts } from "#plan/watermarks.ts";
import { someMeminfo, someProcess } from "#test/support/a-snapshot.ts";
import { aMachine } from "./a-machine.ts";

const compile = (text: string, machine: MachineFacts = aMachine()): Compiled =>
  compilePlan(loadConfig({ presets: { desktop: "" }, files: [{ path: "t.toml", text }], overrides: [] }), machine);

function plan(text: string, machine?: MachineFacts): Plan {
  const compiled = compile(text, machine);
  return compiled.kind === "plan"
    ? compiled.plan
    : assert.fail(compiled.problems.map((each) => each.message).join("\n"));
}

/** What the stall detector of a plan makes of a look with nothing in it. */
function stalledReason({ detectors, headroom, pageSize }: Plan) {
  const meminfo = someMeminfo({ available: gib(8) });
  const scene = { meminfo, facts: { meminfo }, headroom: gib(8), available: gib(8), watermarks: headroom, pageSize };
  const sighting = detectors
    .find(({ name }) => name === "stall")
    ?.detect({ ...scene, trend: undefined, growth: { some: 0, full: 0, ioSome: 0, ioFull: 0, majorFaults: 0 } });
  return sighting?.reason.kind === "stalled" ? sighting.reason : undefined;
}

const refusals = (text: string, machine?: MachineFacts): readonly string[] => {
  const compiled = compile(text, machine);
  return compiled.kind === "refused" ? compiled.problems.map((each) => each.message) : [];
};

describe("a plan", () => {
  it("with watermarks that call every machine scarce is refused, unless a rule confines it to some processes", () => {
    const everywhere = '[headroom]\nmin = "5GiB"\nlow = "13GiB"\nhigh = "14GiB"\n';
    assert.match(refusals(everywhere).join(), /nearly every look would raise an alarm/);
    const confined = compile(`${everywhere}[[rule]]\nverdict = "only"\nuid = 61236\n`);
    assert.equal(confined.kind, "plan");
    assert.match(
      confined.kind === "plan" ? confined.warnings.map((each) => each.message).join() : "",
      /nobody but the rules/,
    );
  });

  it("made of nothing is made of the defaults", () => {
    const { policy, detectors, ...rest } = plan("");
    assert.equal(policy.name, "desktop");
    assert.deepEqual(
      detectors.map(({ name }) => name),
      ["headroom", "stall", "thrash", "kernel-zone", "forecast"],
    );
    assert.deepEqual(rest, {
      memcgs: [],
      pageSize: bytes(4096),
      headroom: { min: mib(200), low: mib(400), high: mib(600) },
      alarms: [
        { kind: "approaching", when: "any", detectors: ["headroom"], holdFor: 0 },
        { kind: "scarce", when: "any", detectors: ["headroom", "forecast"], holdFor: 0 },
        { kind: "stalling", when: "any", detectors: ["stall"], holdFor: 0 },
        { kind: "thrashing", when: "any", detectors: ["thrash"], holdFor: 0 },
        { kind: "exhausted", when: "any", detectors: ["headroom", "kernel-zone"], holdFor: 0 },
      ],
      rules: [],
      preference: percent(30),
      guard: { session: true, lastResort: true },
      kill: {
        termGrace: seconds(3),
        reapGrace: milliseconds(150),
        killTimeout: seconds(3),
        confirmTimeout: milliseconds(500),
        coolDown: seconds(1),
        budget: 10,
        budgetWindow: seconds(60),
        unit: "auto",
      },
      pacing: {
        calm: seconds(1),
        near: milliseconds(20),
        tight: milliseconds(4),
        fastestFill: gib(6),
        fastestSwapFill: gib(1),
        tableEvery: undefined,
      },
      notify: { givers: [], programs: [], deadline: seconds(2), coolDown: seconds(60) },
    });
  });

  it("has the watermarks that were written, shares as sizes of this machine", () => {
    const { headroom } = plan('[headroom]\nmin = "256MiB"\nlow = "10%"\nhigh = "3GiB"\n');
    assert.deepEqual(headroom, { min: mib(256), low: mib(1536), high: gib(3) });
  });

  it("has no stall where it is switched off, or where the kernel has no PSI", () => {
    const hasStall = ({ detectors, alarms }: Plan) =>
      detectors.some(({ name }) => name === "stall") || alarms.some(({ kind }) => kind === "stalling");
    assert.ok(hasStall(plan("")));
    assert.ok(!hasStall(plan("stall.enabled = false")));
    assert.ok(!hasStall(plan("", aMachine({ hasPressure: false }))));
  });

  it("counts stalls below twice high, unless somebody says otherwise", () => {
    assert.equal(stalledReason(plan('headroom.high = "900MiB"'))?.availableBelow, mib(1800));
    assert.equal(stalledReason(plan('stall.available_below = "10%"'))?.availableBelow, mib(1536));
  });

  it("reads the process table in calm only if a rule asks for cmdline", () => {
    const rule = (condition: string) => `[[rule]]\nverdict = "avoid"\n${condition} = "/x*"\n`;
    assert.equal(plan(rule("exe")).pacing.tableEvery, undefined);
    assert.equal(plan(rule("cmdline")).pacing.tableEvery, seconds(10));
  });

  it("binds the policy that was named, with the options that were written", () => {
    assert.equal(plan('policy.name = "largest-rss"').policy.name, "largest-rss");
    const { memory, ...process } = someProcess({ pid: 1000, anon: mib(1000), oomScoreAdj: 1000 });
    assert.ok(memory);
    const score = (text: string) =>
      plan(text).policy.score({ ...process, memory }, { total: gib(16), pageSize: bytes(4096) }).total;
    assert.equal(score(""), mib(1200));
    assert.equal(score('policy.desktop.adj_nudge = "50%"'), mib(1500));
  });

  it("is refused together with everything else that is wrong", () => {
    assert.equal(refusals('kill.budget = 0\n[headroom]\nlow = "2GiB"\nhigh = "1GiB"\n').length, 2);
  });

  it("is not refused for an order of watermarks that a refused or unread one may still change", () => {
    assert.equal(refusals('[headroom]\nlow = 2\nmin = "9GiB"\nhigh = "1GiB"\n').length, 1);
    const files = ['headroom.low = "2GiB"\nheadroom.high = "1GiB"', "[headroom"].map((text) => ({
      path: "t.toml",
      text,
    }));
    const compiled = compilePlan(loadConfig({ presets: { desktop: "" }, files, overrides: [] }), aMachine());
    assert.equal(compiled.kind === "refused" && compiled.problems.length, 1);
  });

  it("needs min below low and low below high; equal is not below", () => {
    assert.equal(refusals('[headroom]\nmin = "1GiB"\nlow = "1GiB"\n').length, 1);
    assert.equal(refusals('[headroom]\nlow = "1GiB"\nhigh = "1GiB"\n').length, 1);
    assert.equal(refusals('[headroom]\nlow = "1GiB"\nhigh = "1025MiB"\n').length, 0);
  });

  it("leaves at least a quarter of user memory and swap above high", () => {
    assert.equal(refusals('headroom.high = "75%"').length, 0);
    assert.equal(refusals('headroom.low = "60%"').length, 1);
    assert.equal(refusals('headroom.low = "60%"', aMachine({ swapGiB: 8 })).length, 0);
    assert.equal(refusals('headroom.min = "5GiB"').length, 1);
  });

  it("is possible on any machine that nobody configured", () => {
    for (const ramGiB of [1 / 32, 1 / 4, 1, 2, 8, 64, 512, 16_384]) plan("", aMachine({ ramGiB }));
  });

  it("comes with the warnings of its config", () => {
    const compiled = compile("stall.enabled = true", aMachine({ hasPressure: false }));
    assert.equal(compiled.kind, "plan");
    assert.equal(compiled.kind === "plan" && compiled.warnings.length, 1);
    const unasked = compile("", aMachine({ hasPressure: false }));
    assert.deepEqual(unasked.kind === "plan" && unasked.warnings, []);
  });
});
