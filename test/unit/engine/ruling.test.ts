import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath, kib, mib, milliseconds, oomScoreAdj, pid, seconds, startTicks } from "#domain/units.ts";
import type { Circumstances } from "#engine/match-rule.ts";
import { justOne, type Pattern, type Rule, type RuleConditions, type RuleVerdict } from "#engine/rule.ts";
import { circumstancesOf, rulerOf } from "#engine/ruling.ts";
import { type ProcessWish, someProcess, someTable } from "#test/support/a-snapshot.ts";

const exactly = (source: string): Pattern => ({ source, matches: (text) => text === source });
const rule = (verdict: RuleVerdict, when: RuleConditions): Rule => ({ verdict, when, origin: "test" });

/** Who is at work: a shell that started a job, five minutes after boot. */
const table = { ...someTable([{ pid: 10, comm: "bash" }]), readAt: startTicks(30_000) };
const circumstances: Circumstances = circumstancesOf(table, [rule("avoid", { age: [{ from: milliseconds(0) }] })]);

/** Whether a rule with such conditions protects somebody. */
const protects = (when: RuleConditions, wish: Partial<ProcessWish>, known = circumstances): boolean => {
  const process = someProcess({ pid: 20, parent: 10, anon: mib(100), startTicks: 29_000, ...wish });
  return rulerOf([rule("never", when)])(process, known).exclusion !== undefined;
};

const snap = cgroupPath(
  "/user.slice/user-1.slice/user@1.service/app.slice/snap.firefox.firefox-0d2cb97e-3c4e-4a56-9a07-f2e8b9d7c1aa.scope",
);
const docker = cgroupPath(`/system.slice/docker-${"ab".repeat(32)}.scope`);

describe("a rule asks", () => {
  it("for the unit, which is the innermost one", () => {
    assert.ok(protects({ unit: exactly("cron.service") }, { cgroup: cgroupPath("/system.slice/cron.service/job") }));
    assert.ok(!protects({ unit: exactly("user@1.service") }, { cgroup: snap }));
  });

  it("for an application by any of its names", () => {
    assert.ok(protects({ app: exactly("firefox") }, { cgroup: snap }));
    assert.ok(protects({ app: exactly("firefox_firefox") }, { cgroup: snap }));
    assert.ok(!protects({ app: exactly("chromium") }, { cgroup: snap }));
  });

  it("for a container by its id and by what runs it; whoever is in none matches no pattern", () => {
    const any = { source: "*", matches: () => true };
    assert.ok(protects({ container: exactly("docker") }, { cgroup: docker }));
    assert.ok(protects({ container: exactly("ab".repeat(32)) }, { cgroup: docker }));
    assert.ok(!protects({ container: any }, { cgroup: snap }));
    assert.ok(protects({ container: any }, {}), "a cgroup that is not known may be a container's");
  });

  it("for what comes back when it dies, as it is now", () => {
    const large = { memory: [{ from: mib(100) }] };
    assert.ok(protects(large, {}));
    assert.ok(protects(large, { anon: mib(60), swap: mib(40) }));
    assert.ok(!protects(large, { anon: mib(99), shmem: mib(900) }));
    assert.ok(!protects({ memory: [{ from: kib(0) }] }, { hasNoMemory: true }));
  });

  it("for oom_score_adj as it is now", () => {
    const raised = { oomScoreAdj: [{ from: oomScoreAdj(1) }] };
    assert.ok(protects(raised, { oomScoreAdj: 1 }));
    assert.ok(!protects(raised, { oomScoreAdj: 0 }));
  });

  it("for the age, by the clock of start times", () => {
    const young = { age: [{ to: seconds(10) }] };
    assert.ok(protects(young, { startTicks: 29_000 }));
    assert.ok(!protects(young, { startTicks: 28_999 }));
    assert.ok(protects(young, { startTicks: 28_999 }, { ...circumstances, now: undefined }), "nobody can tell");
  });

  it("for the name of the parent; whoever has none matches no pattern", () => {
    const any = { source: "*", matches: () => true };
    assert.ok(protects({ parent: exactly("bash") }, {}));
    assert.ok(!protects({ parent: exactly("zsh") }, {}));
    assert.ok(protects({ parent: exactly("zsh") }, { parent: 99 }), "a parent that was not seen may be called so");
    const orphan = { ...someProcess({ pid: 20 }), parent: undefined };
    assert.equal(rulerOf([rule("never", { parent: any })])(orphan, circumstances).exclusion, undefined);
  });
});

describe("what passes is asked again", () => {
  it("while the traits are the same object and everything else is remembered", () => {
    let asked = 0;
    const counting: Pattern = {
      source: "counted",
      matches: () => {
        asked += 1;
        return true;
      },
    };
    const judge = rulerOf([rule("never", { name: counting, memory: [{ from: mib(100) }] })]);
    const small = someProcess({ pid: 20, anon: mib(1) });
    const grown = { ...someProcess({ pid: 20, anon: mib(200) }), traits: small.traits };
    assert.equal(judge(small, circumstances).exclusion, undefined);
    const before = asked;
    assert.equal(judge(grown, circumstances).exclusion?.why, "rule-never");
    assert.equal(judge(small, circumstances).exclusion, undefined);
    assert.equal(asked, before);
  });

  it("of nobody whom the rest of the rule does not match: then the answer is the very same", () => {
    const judge = rulerOf([rule("never", { name: exactly("other"), age: [{ to: seconds(10) }] })]);
    const process = someProcess({ pid: 20 });
    assert.equal(judge(process, circumstances), judge(process, { ...circumstances, now: startTicks(99_999) }));
  });
});

describe("circumstances", () => {
  it("are the same for every table while no rule asks for them", () => {
    const rules = [rule("never", { uid: justOne(someProcess({ pid: 1 }).uid ?? assert.fail()) })];
    assert.equal(circumstancesOf(table, rules), circumstancesOf(someTable([]), rules));
  });

  it("tell the name of whoever has a pid in the table", () => {
    assert.equal(circumstances.nameOf(pid(10)), "bash");
    assert.equal(circumstances.nameOf(pid(11)), undefined);
  });
});
