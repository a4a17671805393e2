import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { milliseconds } from "#domain/units.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const save = ["/usr/local/bin/save", "all of it"] as const;

const planOf = (...rules: readonly string[]) => {
  const text = rules.map((rule) => `[[rule]]\nname = "editor"\n${rule}\n`).join("");
  const loaded = loadConfig({ presets: {}, files: [{ path: "a.toml", text }], overrides: ["preset=none"] });
  const compiled = compilePlan(loaded, aMachine());
  assert.ok(compiled.kind === "plan", loaded.problems.map(({ message }) => message).join());
  return compiled.plan;
};

describe("a program in a rule", () => {
  it("is a manner of its rule, which needs no verdict, and may be run by the plan, with the grace it has", () => {
    const { rules, notify, kill } = planOf(`run = ${JSON.stringify(save)}`);
    assert.deepEqual([rules[0]?.verdict, rules[0]?.manner], ["neutral", { run: save }]);
    assert.deepEqual(notify.programs, [
      { name: '/usr/local/bin/save "all of it"', means: { kind: "program", run: save }, timeout: kill.termGrace },
    ]);
    const graced = planOf(`run = ${JSON.stringify(save)}\ngrace = "9s"`);
    assert.equal(graced.notify.programs[0]?.timeout, milliseconds(9000));
  });

  it("is made ready once, however many rules name it", () => {
    const { programs } = planOf(
      `run = ${JSON.stringify(save)}`,
      'run = ["/bin/other"]',
      `run = ${JSON.stringify(save)}`,
    ).notify;
    assert.deepEqual(
      programs.map(({ name }) => name),
      ['/usr/local/bin/save "all of it"', "/bin/other"],
    );
  });
});
