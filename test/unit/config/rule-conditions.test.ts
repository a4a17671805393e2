import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { namedUsers } from "#config/named-users.ts";
import { gib, mib } from "#domain/units.ts";
import type { RuleConditions } from "#engine/rule.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const users = { alice: 1000, bob: 1001 };

const load = (condition: string) => {
  const text = `[[rule]]\nverdict = "avoid"\n${condition}\n`;
  return loadConfig({ presets: {}, files: [{ path: "a.toml", text }], overrides: ["preset=none"], users });
};

const messages = (condition: string): readonly string[] => load(condition).problems.map(({ message }) => message);

/** What a rule asks, once the machine is known: it has 4 GiB of user memory. */
function conditions(condition: string): RuleConditions {
  const compiled = compilePlan(load(condition), { ...aMachine(), userMemory: gib(4) });
  assert.ok(compiled.kind === "plan", messages(condition).join());
  const [rule] = compiled.plan.rules;
  return rule?.when ?? assert.fail("there is no rule");
}

describe("a number in a rule", () => {
  const meanings: readonly (readonly [written: string, meant: RuleConditions])[] = [
    ["uid = 0", { uid: [{ from: 0, to: 0 }] }],
    ['uid = ">= 1000"', { uid: [{ from: 1000 }] }],
    ['uid = "> 1000"', { uid: [{ from: 1001 }] }],
    ['uid = "<100"', { uid: [{ to: 99 }] }],
    ['uid = "1000..1999"', { uid: [{ from: 1000, to: 1999 }] }],
    [
      'uid = [0, "1000 .. 1999", "65534"]',
      {
        uid: [
          { from: 0, to: 0 },
          { from: 1000, to: 1999 },
          { from: 65534, to: 65534 },
        ],
      },
    ],
    ['age = "> 10min"', { age: [{ from: 600_001 }] }],
    ['age = "<= 30s"', { age: [{ to: 30_000 }] }],
    ['age = "1s..1min"', { age: [{ from: 1000, to: 60_000 }] }],
    ['oom_score_adj = "> 0"', { oomScoreAdj: [{ from: 1 }] }],
    ["oom_score_adj = -500", { oomScoreAdj: [{ from: -500, to: -500 }] }],
    ['oom_score_adj = "-500..-1"', { oomScoreAdj: [{ from: -500, to: -1 }] }],
    ['memory = ">= 1GiB"', { memory: [{ from: gib(1) }] }],
    ['memory = "< 10%"', { memory: [{ to: Math.ceil(gib(4) / 10) - 1 }] }],
    ['memory = "100MiB..25%"', { memory: [{ from: mib(100), to: gib(1) }] }],
  ].map(([written, meant]) => [String(written), meant as RuleConditions]);
  for (const [written, meant] of meanings)
    it(`${written} is what it looks like`, () => assert.deepEqual(conditions(written), meant));
});

describe("a number that makes no sense in a rule is refused", () => {
  const refusals: readonly (readonly [written: string, told: RegExp])[] = [
    ["uid = -1", /uid = -1: it lies outside 0 to 4294967294/],
    ['uid = "alice"', /uid = "alice": "alice" is a name; write user = "alice"/],
    ["uid = 1.5", /"1.5" is not a whole number/],
    ['uid = "1999..1000"', /nothing lies in that; write the lower end first/],
    ["uid = []", /it lists nothing/],
    ["age = 10", /it is no comparison; write <, <=, > or >= and a time, such as "> 10min"/],
    ['age = "10min"', /it is no comparison/],
    ['age = "> 10"', /a number says no unit; write "10s"/],
    ["oom_score_adj = 1001", /it lies outside -1000 to 1000/],
    ['memory = "> auto"', /auto is no amount of memory/],
    ['memory = "> 4GB"', /"GB" is not one of the units/],
    ['memory = "2GiB..1GiB"', /write the lower end first/],
  ];
  for (const [written, told] of refusals) {
    it(written, () => {
      const said = messages(written);
      assert.ok(
        said.some((message) => told.test(message)),
        said.join("\n"),
      );
    });
  }
});

describe("a user in a rule", () => {
  it("is whoever has the name now, and several are each of them", () => {
    assert.deepEqual(conditions('user = "alice"'), { user: [{ from: 1000, to: 1000 }] });
    assert.deepEqual(
      conditions('user = ["bob", "alice"]').user?.map(({ from }) => from),
      [1001, 1000],
    );
  });

  it("that does not exist is told of, and the rule matches nobody", () => {
    assert.deepEqual(conditions('user = "alcie"'), { user: [] });
    assert.deepEqual(messages('user = "alcie"'), [
      'Cannot match any process by user = "alcie": there is no user "alcie" here; write a name that is in /etc/passwd, or the number with uid',
    ]);
  });

  it("is not taken for one because every object has something of that name", () => {
    assert.match(messages('user = "constructor"').join(), /there is no user "constructor"/);
  });

  it("is a name: who wrote a number meant uid", () => {
    assert.match(messages("user = 1000").join(), /user = 1000: it is a number; write uid = 1000/);
  });

  it("is looked for in all that was read, and in nothing where nobody is named", () => {
    const text = '[[rule]]\nverdict = "never"\nuser = ["alice", "bob"]\n[[giver]]\nuser = "carol"\n';
    const overrides = ['rule=[{verdict="only", user="dave"}]'];
    assert.deepEqual(namedUsers({ files: [{ path: "a.toml", text }], overrides }), ["alice", "bob", "dave"]);
    assert.deepEqual(namedUsers({ files: [{ path: "b.toml", text: "rule = 3\nuser = 1" }], overrides: ["x="] }), []);
  });
});

describe("a pattern in a rule", () => {
  it("may ask for a unit, an application, a container and a parent", () => {
    const keys = ["unit", "app", "container", "parent"];
    const asked = conditions(keys.map((key) => `${key} = ["a*", "b"]`).join("\n"));
    assert.deepEqual(
      Object.entries(asked).map(([key, { source }]) => [key, source]),
      keys.map((key) => [key, "a* | b"]),
    );
  });

  it("is told of where it can match nobody: a name that is longer than the kernel keeps, a unit without its ending", () => {
    assert.match(messages('unit = "postgresql"').join(), /a unit has an ending; write "postgresql.service"/);
    assert.match(messages('parent = "gnome-terminal-server"').join(), /the kernel keeps 15 bytes of a name/);
  });
});

describe("two rules with the same comparison", () => {
  it("are told of, whatever the order of their conditions", () => {
    const one = 'memory = "> 1GiB"\nuid = 7\n[[rule]]\nverdict = "prefer"\nuid = 7\nmemory = "> 1GiB"';
    assert.match(messages(one).join(), /they cancel each other/);
    assert.deepEqual(messages(one.replace(/1GiB"$/, '2GiB"')), []);
  });
});
