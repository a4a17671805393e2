import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cgroupPath, uid } from "#domain/units.ts";
import { matchStanding } from "#engine/match-rule.ts";
import { justOne, type Rule, type RuleConditions, type RuleVerdict } from "#engine/rule.ts";
import { indexRules } from "#engine/rule-index.ts";
import { compilePattern } from "#plan/pattern.ts";
import { someProcess } from "#test/support/a-snapshot.ts";
import { runs, seed } from "#test/support/seed.ts";

/** Few letters, so that texts and patterns meet. */
const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "-"), minLength: 1, maxLength: 9 });
const glob = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "*", "?"), minLength: 1, maxLength: 9 });
const expression = fc
  .tuple(text, fc.constantFrom("", ".*", "[ab]+", "(a|b)", "b?", "a{2}"), text)
  .map(([before, middle, after]) => `/${before}${middle}${after}/`);
const pattern = fc
  .oneof(glob, expression, text)
  .map(compilePattern)
  .filter((compiled) => compiled.kind === "pattern")
  .map((compiled) => compiled.pattern);

const when: fc.Arbitrary<RuleConditions> = fc
  .record(
    { name: pattern, exe: pattern, cmdline: pattern, cgroup: pattern, uid: fc.nat(2).map((n) => justOne(uid(n))) },
    { requiredKeys: [] },
  )
  .filter((conditions) => Object.keys(conditions).length > 0);
const verdict = fc.constantFrom<RuleVerdict>("never", "only", "prefer", "avoid");
const rules: fc.Arbitrary<readonly Rule[]> = fc.array(fc.record({ verdict, when, origin: fc.constant("property") }), {
  maxLength: 12,
});

const process = fc
  .record(
    { comm: text, uid: fc.nat(2), exe: text, cmdline: text, cgroup: text.map((path) => cgroupPath(`/${path}`)) },
    { requiredKeys: ["comm", "uid"] },
  )
  .map((wish) => someProcess({ pid: 7, ...wish }));

/** What decides, found by asking every rule. */
function deciding(all: readonly Rule[], of: ReturnType<typeof someProcess>): readonly Rule[] {
  const answers = all.map((rule) => ({ rule, match: matchStanding(rule, of) }));
  const never = answers.find(({ rule, match }) => rule.verdict === "never" && match !== "no");
  return [...(never ? [never.rule] : []), ...answers.flatMap(({ rule, match }) => (match === "yes" ? [rule] : []))];
}

describe("an index of rules", () => {
  it(`leaves out no rule that decides, and changes no order (seed ${seed})`, () => {
    fc.assert(
      fc.property(rules, fc.array(process, { minLength: 8, maxLength: 8 }), (all, processes) => {
        const find = indexRules(all);
        for (const of of processes) assert.deepEqual(deciding(find(of), of), deciding(all, of));
      }),
      { seed, numRuns: runs(2000) },
    );
  });

  it("asks nobody about a text that leads to no rule", () => {
    let asked = 0;
    const counting = (is: string): Rule => {
      const matches = (name: string): boolean => {
        asked += 1;
        return name === is;
      };
      return { verdict: "never", origin: "test", when: { name: { source: is, matches, clues: [{ is }] } } };
    };
    const all = Array.from({ length: 1000 }, (_, n) => counting(`daemon-${n}`));
    const find = indexRules(all);
    assert.deepEqual(find(someProcess({ pid: 7, comm: "shell" })), []);
    assert.deepEqual(find(someProcess({ pid: 8, comm: "daemon-7" })), [all[7]]);
    assert.equal(asked, 1);
  });
});
