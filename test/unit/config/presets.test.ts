import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { cgroupPath, milliseconds, seconds } from "#domain/units.ts";
import { matchRule, noCircumstances } from "#engine/match-rule.ts";
import type { Plan } from "#engine/plan.ts";
import type { RuleVerdict } from "#engine/rule.ts";
import { type ProcessWish, someProcess } from "#test/support/a-snapshot.ts";
import { aMachine } from "./a-machine.ts";
import { shippedPresets } from "./shipped-presets.ts";

const presets = shippedPresets();

function planOf(preset: string): Plan {
  const loaded = loadConfig({ presets, files: [], overrides: [`preset=${preset}`] });
  assert.deepEqual(loaded.problems, []);
  const compiled = compilePlan(loaded, aMachine());
  return compiled.kind === "plan" ? compiled.plan : assert.fail();
}

/** What the rules of a preset say of a process. */
function verdictsOn(preset: string, wish: Omit<ProcessWish, "pid">): readonly RuleVerdict[] {
  const process = someProcess({ cgroup: cgroupPath("/"), exe: "/home/u/a.out", ...wish, pid: 1000 });
  return planOf(preset)
    .rules.filter((rule) => matchRule(rule, process, noCircumstances) === "yes")
    .map((rule) => rule.verdict);
}

describe("the shipped presets", () => {
  it("are three, and each makes a plan without a word of complaint", () => {
    assert.deepEqual(Object.keys(presets).sort(), ["desktop", "kernel", "server"]);
    for (const preset of Object.keys(presets)) planOf(preset);
  });

  it("do not name a preset themselves", () => {
    for (const text of Object.values(presets)) assert.doesNotMatch(text, /^\s*preset\s*=/m);
  });
});

describe("the preset desktop", () => {
  it("needs no rule for the session: it is guarded, and goes before the machine does", () => {
    assert.deepEqual(planOf("desktop").guard, { session: true, lastResort: true });
    for (const exe of ["/usr/bin/gnome-shell", "/usr/bin/tmux"]) assert.deepEqual(verdictsOn("desktop", { exe }), []);
  });

  it("leaves ordinary programs alone", () => {
    for (const exe of ["/usr/bin/python3.12", "/usr/lib/firefox/firefox", "/usr/bin/bash", "/usr/bin/node"]) {
      assert.deepEqual(verdictsOn("desktop", { exe }), [], exe);
    }
  });

  it("would rather lose anything else than a package manager", () => {
    assert.deepEqual(verdictsOn("desktop", { comm: "dpkg", exe: "/usr/bin/dpkg" }), ["avoid"]);
  });

  it("prefers nobody by name: a preference is a share of the machine, and makes a small tab outrank a large job", () => {
    assert.deepEqual(verdictsOn("desktop", { comm: "Isolated Web Co", exe: "/usr/lib/firefox/firefox" }), []);
    assert.deepEqual(
      planOf("desktop").rules.filter(({ verdict }) => verdict === "prefer"),
      [],
    );
  });
});

describe("the preset server", () => {
  it("follows oom_score_adj, gives services time to exit, and keeps the way in open", () => {
    const plan = planOf("server");
    assert.equal(plan.policy.name, "kernel");
    assert.equal(plan.kill.termGrace, seconds(10));
    assert.equal(plan.guard.session, true);
    for (const exe of ["/usr/bin/containerd-shim-runc-v2", "/usr/bin/dockerd"]) {
      assert.deepEqual(verdictsOn("server", { exe }), ["never"], exe);
    }
  });
});

describe("the preset kernel", () => {
  it("has no rules, no guard, no stall and no SIGTERM that is waited for", () => {
    const plan = planOf("kernel");
    assert.equal(plan.policy.name, "kernel");
    assert.deepEqual(plan.rules, []);
    assert.equal(plan.guard.session, false);
    assert.deepEqual(
      plan.detectors.map(({ name }) => name),
      ["headroom", "kernel-zone"],
    );
    assert.equal(plan.kill.termGrace, milliseconds(0));
  });
});
