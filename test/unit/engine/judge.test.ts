import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { identityKey } from "#domain/identity.ts";
import { cgroupPath, gib, kib, mib, pid as pidOf, type Uid, uid } from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { judge, rank } from "#engine/judge.ts";
import { justOne, type Pattern, type Rule, type RuleConditions, type RuleVerdict } from "#engine/rule.ts";
import { suspectSharers } from "#engine/sharers.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type ProcessWish, someTable } from "#test/support/a-snapshot.ts";

const exactly = (source: string): Pattern => ({ source, matches: (text) => text === source });

const rule = (verdict: RuleVerdict, when: RuleConditions): Rule => ({ verdict, when, origin: "test" });

const judgeAll = (wishes: readonly ProcessWish[], rules: readonly Rule[] = []): readonly Judgement[] =>
  judge(someTable(wishes), { total: gib(16), skipped: new Set() }, aPlan({ rules }));

const of = (judgements: readonly Judgement[], pid: number): Judgement => {
  const found = judgements.find(({ process }) => process.identity.pid === pid);
  assert.ok(found);
  return found;
};

const names = (judgements: readonly Judgement[]) =>
  rank(judgements)
    .map(({ comm }) => comm)
    .filter((comm) => comm !== "init" && comm !== "tidemark");

describe("a memcg", () => {
  const wishes: readonly ProcessWish[] = [
    { pid: 10, anon: gib(4) },
    { pid: 11, anon: mib(2) },
    { pid: 899, anon: mib(9) },
  ];

  const judgeMemcg = (members: readonly number[]) => {
    const basis = { total: mib(64), members: new Set(members.map(pidOf)), skipped: new Set<never>() };
    return judge(someTable(wishes), basis, aPlan());
  };

  it("gives its members up and nobody else, however large", () => {
    const judgements = judgeMemcg([11]);
    assert.deepEqual(names(judgements), ["process-11"]);
    const outsider = of(judgements, 10);
    assert.equal(outsider.kind === "ineligible" && outsider.why, "out-of-scope");
  });

  it("makes nobody eligible: init and we ourselves stay out, wherever we are", () => {
    assert.deepEqual(rank(judgeMemcg([1, 900])), []);
  });
});

describe("rules", () => {
  const wishes: readonly ProcessWish[] = [
    { pid: 10, comm: "big", anon: gib(4), uid: 7, exe: "/usr/bin/big", cgroup: cgroupPath("/app.slice/big") },
    { pid: 11, comm: "small", anon: gib(1), uid: 8, cmdline: "small --job" },
  ];

  it("never takes what a rule protects, and says which rule it was", () => {
    const protector = rule("never", { name: exactly("big") });
    const judgement = of(judgeAll(wishes, [protector]), 10);
    assert.deepEqual(judgement.kind === "ineligible" && [judgement.why, judgement.rule], ["rule-never", protector]);
  });

  it("takes only what an only-rule names, when there is one", () => {
    const judgements = judgeAll(wishes, [rule("only", { uid: justOne(uid(8)) })]);
    assert.deepEqual(names(judgements), ["small"]);
    const other = of(judgements, 10);
    assert.equal(other.kind === "ineligible" && other.why, "not-among-only");
  });

  it("lets several only-rules each name somebody", () => {
    const rules = [rule("only", { uid: justOne(uid(8)) }), rule("only", { exe: exactly("/usr/bin/big") })];
    assert.deepEqual(names(judgeAll(wishes, rules)), ["big", "small"]);
  });

  it("lets never win over only", () => {
    const rules = [rule("only", { uid: justOne(uid(7)) }), rule("never", { cgroup: exactly("/app.slice/big") })];
    assert.deepEqual(names(judgeAll(wishes, rules)), []);
  });

  it("asks for all conditions of a rule, not for one of them", () => {
    const both = rule("never", { name: exactly("big"), uid: justOne(uid(8)) });
    assert.deepEqual(names(judgeAll(wishes, [both])), ["big", "small"]);
  });

  it("protects a process whose cmdline is not known yet from a never-rule that might match it", () => {
    const rules = [rule("never", { cmdline: exactly("backup") })];
    const unknown = of(judgeAll(wishes, rules), 10);
    assert.equal(unknown.kind === "ineligible" && unknown.why, "rule-never");
    assert.equal(of(judgeAll(wishes, rules), 11).kind, "eligible");
  });

  it("does not choose a process whose cmdline is not known yet for an only-rule that might match it", () => {
    assert.deepEqual(names(judgeAll(wishes, [rule("only", { cmdline: exactly("small --job") })])), ["small"]);
  });

  it("says of who was given up that it was, whatever they say, and of whom the kernel spares that it does", () => {
    const table = someTable([...wishes, { pid: 12, anon: gib(1), oomScoreAdj: -1000 }]);
    const skipped = new Set(table.processes.map(({ identity }) => identityKey(identity)));
    const judged = judge(
      table,
      { total: gib(16), skipped },
      aPlan({ rules: [rule("never", { name: exactly("big") })] }),
    );
    const reasons = judged.map((judgement) => judgement.kind === "ineligible" && judgement.why);
    assert.deepEqual(reasons, ["init", "self", "skipped", "skipped", "oom-score-adj-min"]);
  });

  it("shows a preference as a term of its own, and leaves what was measured alone", () => {
    const judgement = of(judgeAll(wishes, [rule("prefer", { name: exactly("small") })]), 11);
    assert.ok(judgement.kind === "eligible");
    assert.deepEqual(
      judgement.candidate.badness.terms.map(({ name, value }) => [name, Math.round(value)]),
      [
        ["anon", gib(1)],
        ["prefer", Math.round(gib(16) * 0.3)],
      ],
    );
    assert.equal(judgement.candidate.rss, gib(1));
  });

  it("weighs two rules of one kind as one", () => {
    const twice = [rule("avoid", { name: exactly("big") }), rule("avoid", { uid: justOne(uid(7)) })];
    const judgement = of(judgeAll(wishes, twice), 10);
    assert.ok(judgement.kind === "eligible");
    assert.equal(judgement.candidate.badness.terms.filter(({ name }) => name === "avoid").length, 1);
    assert.deepEqual(names(judgeAll(wishes, twice)), ["small", "big"]);
  });

  it("never matches a uid it does not know with an only-rule", () => {
    const table = someTable(wishes);
    const processes = table.processes.map((process) => ({ ...process, uid: undefined as Uid | undefined }));
    const plan = aPlan({ rules: [rule("only", { uid: justOne(uid(8)) })] });
    const judged = judge({ ...table, processes }, { total: gib(16), skipped: new Set() }, plan);
    assert.deepEqual(names(judged), []);
  });
});

describe("the ranking", () => {
  const equals: readonly ProcessWish[] = [
    { pid: 30, startTicks: 5, comm: "b", anon: gib(1) },
    { pid: 20, startTicks: 5, comm: "a", anon: gib(1) },
    { pid: 10, startTicks: 9, comm: "young", anon: gib(1) },
    { pid: 40, startTicks: 1, comm: "old", anon: gib(1) },
  ];

  it("takes the youngest among equals, then the higher pid", () => {
    assert.deepEqual(names(judgeAll(equals)), ["young", "b", "a", "old"]);
  });

  it("does not depend on the order of the table, for any two that are compared", () => {
    const expected = names(judgeAll(equals));
    for (const first of equals) {
      for (const second of equals.filter((other) => other !== first)) {
        const rest = equals.filter((other) => other !== first && other !== second);
        assert.deepEqual(names(judgeAll([second, first, ...rest])), expected);
        const wanted = expected.filter((comm) => comm === first.comm || comm === second.comm);
        assert.deepEqual(names(judgeAll([first, second])), wanted);
      }
    }
  });
});

describe("who may share the victim's memory", () => {
  const suspects = (wishes: readonly ProcessWish[], rules: readonly Rule[] = []) => {
    const judgements = judgeAll(wishes, rules);
    const victim = rank(judgements)[0];
    assert.ok(victim);
    const { suspects: may, protectedSuspects } = suspectSharers(victim, judgements);
    return { may: may.map(({ pid }) => pid), mustNot: protectedSuspects.map(({ pid }) => pid) };
  };
  const victim: ProcessWish = { pid: 100, parent: 60, comm: "v", anon: gib(4), virtual: gib(5) };

  it("suspects of thousands that look alike the nearest in age, as many of the elder as of the younger", () => {
    const twin = (pid: number): ProcessWish => ({ pid, parent: 60, comm: "v", anon: mib(2), virtual: gib(5) });
    const twins = Array.from({ length: 1000 }, (_, n) => twin(200 + n));
    const found = suspects([{ ...victim, pid: 500 }, ...twins.filter(({ pid }) => pid !== 500)]);
    const near = Array.from({ length: 33 }, (_, n) => 484 + n).filter((pid) => pid !== 500);
    assert.deepEqual(found, { may: near, mustNot: [] });
  });

  it("suspects equal address spaces, parents, children, and twins of one parent", () => {
    const found = suspects([
      victim,
      { pid: 101, parent: 61, anon: gib(1), virtual: gib(5) },
      { pid: 60, anon: mib(1) },
      { pid: 102, parent: 100, anon: mib(1) },
      { pid: 103, parent: 60, comm: "v", anon: mib(2) },
      { pid: 104, parent: 60, comm: "w", anon: mib(2) },
    ]);
    assert.deepEqual(found, { may: [60, 101, 102, 103], mustNot: [] });
  });

  it("tells suspects that must live apart", () => {
    const rules = [rule("never", { name: exactly("sacred") })];
    const found = suspects([victim, { pid: 102, parent: 100, comm: "sacred", anon: mib(1) }], rules);
    assert.deepEqual(found, { may: [], mustNot: [102] });
  });

  describe("outside of the scope of an OOM", () => {
    const outsider: ProcessWish = { pid: 102, parent: 100, comm: "outsider", anon: mib(1) };
    const suspectsOf = (outside: ProcessWish, rules: readonly Rule[] = []) => {
      const basis = { total: gib(6), members: new Set([pidOf(100)]), skipped: new Set<never>() };
      const judgements = judge(someTable([victim, outside]), basis, aPlan({ rules }));
      const [first] = rank(judgements);
      assert.equal(first?.identity.pid, 100);
      const { suspects: may, protectedSuspects } = suspectSharers(first, judgements);
      return { may: may.map(({ pid }) => pid), mustNot: protectedSuspects.map(({ pid }) => pid) };
    };

    it("dies along, as the kernel has it: the memory would stay with it", () => {
      assert.deepEqual(suspectsOf(outsider), { may: [102], mustNot: [] });
    });

    it("must live when something protects it inside as well", () => {
      const refused = { may: [], mustNot: [102] };
      assert.deepEqual(suspectsOf(outsider, [rule("never", { name: exactly("outsider") })]), refused);
      assert.deepEqual(suspectsOf({ ...outsider, oomScoreAdj: -1000 }), refused);
      const confining = [rule("only", { name: exactly("v") })];
      assert.deepEqual(suspectsOf(outsider, confining), refused);
    });
  });

  it("does not suspect who has no memory", () => {
    assert.deepEqual(suspects([victim, { pid: 102, parent: 100, hasNoMemory: true }]).may, []);
  });
});

describe("a candidate", () => {
  it("returns what is private to it: anonymous memory, swap and page tables", () => {
    const wish: ProcessWish = { pid: 10, anon: mib(5), swap: mib(3), shmem: mib(100), pageTables: kib(64) };
    const judgement = of(judgeAll([wish]), 10);
    assert.ok(judgement.kind === "eligible");
    assert.equal(judgement.candidate.returns, mib(8) + 64);
    assert.equal(judgement.candidate.rss, mib(105));
  });
});
