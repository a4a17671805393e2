import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { gib, mib } from "#domain/units.ts";
import { bindPlan } from "#plan/bind-plan.ts";
import type { PlanRecipe } from "#plan/recipe.ts";
import { bindRule } from "#plan/rules.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const text = `preset = "none"
[headroom]
low = "10%"
[stall]
limit = "55%"
[[rule]]
verdict = "never"
exe = ["/usr/bin/a*", '/^/opt/b/']
uid = 0
memory = ">= 2GiB"
[[rule]]
verdict = "only"
name = "hog"
[[memcg]]
path = "/jobs/*"
min = "5%"
stall_limit = "33%"
`;

function compiled() {
  const loaded = loadConfig({ presets: {}, files: [{ path: "a.toml", text }], overrides: [] });
  const made = compilePlan(loaded, aMachine());
  return made.kind === "plan" ? made : assert.fail(made.problems.map(({ message }) => message).join());
}

/** As it is after another process has read it. */
const handedOver = (recipe: PlanRecipe): PlanRecipe => JSON.parse(JSON.stringify(recipe));

/** A plan without its functions, and what they say where that can be told. */
const told = (plan: ReturnType<typeof bindPlan>) => JSON.parse(JSON.stringify(plan));

test("a plan that was handed over as text is the plan that was compiled", () => {
  const { plan, recipe } = compiled();
  const again = bindPlan(handedOver(recipe), handedOver(recipe).rules.map(bindRule));
  assert.deepEqual(told(again), told(plan));
  assert.deepEqual(told(again).rules[0].when, {
    exe: { source: "/usr/bin/a* | /^/opt/b/", clues: [{ has: "/usr/bin/a" }, { has: "/opt/b" }] },
    uid: [{ from: 0, to: 0 }],
    memory: [{ from: mib(2048) }],
  });
});

test("its patterns still match what they matched", () => {
  const [first] = handedOver(compiled().recipe).rules.map(bindRule);
  const matches = (exe: string) => first?.when.exe?.matches(exe);
  assert.deepEqual(["/usr/bin/ab", "/opt/bc", "/usr/sbin/a"].map(matches), [true, true, false]);
});

test("a memcg's watermarks follow its limit, and one that is too small for them has none", () => {
  const { plan, recipe } = compiled();
  const again = bindPlan(handedOver(recipe), []);
  for (const { memcgs } of [plan, again]) {
    const within = memcgs[0]?.within({ limit: gib(1), ram: gib(8), swap: gib(1) });
    assert.ok(typeof within === "object");
    assert.deepEqual(within.headroom.min, mib(51.2));
    assert.deepEqual(told({ ...plan, memcgs: [], ...within }).alarms.length, 4);
  }
});

test("a name of no catalogue is a defect of whoever wrote the recipe", () => {
  const { recipe } = compiled();
  assert.throws(
    () => bindPlan({ ...recipe, policy: { name: "nobody", options: {} } }, []),
    /nothing is called "nobody"/,
  );
});
