import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Membership } from "#domain/memcg.ts";
import { cgroupPath, gib, mib, milliseconds, pid, startTicks } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { aPlan, protecting } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { findings, kinds, type Look, last, opening } from "#test/support/engine-life.ts";

const shell: ProcessWish = { pid: 50, comm: "gnome-shell", exe: "/usr/bin/gnome-shell", anon: gib(9) };
const bash: ProcessWish = { pid: 51, comm: "bash", exe: "/usr/bin/bash", leadsTerminal: true, anon: mib(5) };
const small: ProcessWish = { pid: 52, comm: "cat", exe: "/usr/bin/cat", parent: 51, anon: mib(1) };

interface Scene {
  readonly table: readonly ProcessWish[];
  readonly plan?: Partial<Plan>;
  readonly membership?: Membership;
  readonly available?: number;
}

function answer({ table, plan, membership, available = 300 }: Scene): Verdict {
  const snapshot = aSnapshot({
    at: 0,
    meminfo: someMeminfo({ available: mib(available) }),
    pressure: somePressure({ some: 0, full: 0 }),
    table: someTable(table),
    ...(membership && { membership }),
  });
  return decide(snapshot, initialState(milliseconds(0)), aPlan(plan));
}

const identityOf = ({ pid: id }: ProcessWish) => ({ pid: pid(id), startTicks: startTicks(id) });

const chosen = ({ decisions }: Verdict) =>
  decisions.flatMap((decision) => (decision.kind === "signal" ? [decision.victim.comm] : []));

const withheld = (verdict: Verdict) =>
  verdict.findings.flatMap((finding) => (finding.kind === "kill-withheld" ? [finding.why] : []));

describe("the session", () => {
  it("is spared as long as anybody else can be chosen, however small", () => {
    const { victim, eligible, ranking } = opening(answer({ table: [shell, bash, small] }));
    assert.deepEqual([victim.comm, victim.guard, eligible, ranking.length], ["cat", undefined, 1, 1]);
  });

  it("goes when nobody else is left, the largest part of it first and alone, and says so", () => {
    const { victim, group } = opening(answer({ table: [shell, bash] }));
    assert.deepEqual([victim.comm, group], ["gnome-shell", undefined]);
    assert.deepEqual(victim.guard, { role: "compositor", by: "program" });
  });

  it("is spared by a rule that would have it go first as well, which counts among the session when nobody else is left", () => {
    const named = (comm: string): Rule => ({
      verdict: "first",
      origin: "test",
      when: { name: { source: comm, matches: (text) => text === comm } },
    });
    const rules = [named("bash")];
    const large = { ...bash, anon: mib(40) };
    assert.deepEqual(chosen(answer({ table: [shell, large, small], plan: { rules } })), ["cat"]);
    assert.deepEqual(chosen(answer({ table: [shell, large], plan: { rules } })), ["bash"]);
    assert.deepEqual(chosen(answer({ table: [shell, large] })), ["gnome-shell"]);
    const forbidden = { rules, guard: { session: true, lastResort: false } };
    assert.deepEqual(chosen(answer({ table: [shell, large], plan: forbidden })), []);
  });

  it("goes alone even where whole families are to go", () => {
    const kill = { ...aPlan().kill, unit: "family" as const };
    const { group } = opening(answer({ table: [shell, { ...shell, pid: 53, parent: 50 }], plan: { kill } }));
    assert.equal(group, undefined);
  });

  it("never goes where that is forbidden, and that is said", () => {
    const verdict = answer({ table: [shell, bash], plan: { guard: { session: true, lastResort: false } } });
    assert.deepEqual(kinds(verdict), []);
    assert.deepEqual(withheld(verdict), ["only-session"]);
  });

  it("never goes by a last resort what a rule protects", () => {
    const { victim } = opening(answer({ table: [shell, bash], plan: { rules: [protecting("gnome-shell")] } }));
    assert.equal(victim.comm, "bash");
  });

  it("goes first where nobody guards it", () => {
    const plan = { guard: { session: false, lastResort: true } };
    const { victim } = opening(answer({ table: [shell, bash, small], plan }));
    assert.deepEqual([victim.comm, victim.guard], ["gnome-shell", undefined]);
  });

  it("is not given up for somebody who was refused, while there is time to ask again", () => {
    const table = [shell, bash, small];
    const refused: VictimReport = { identity: identityOf(small), kind: "refused", why: "failed" };
    const scarce: readonly Look[] = [
      { at: 0, available: 700, table },
      { at: 4, available: 700, table, victims: [refused] },
    ];
    assert.deepEqual(withheld(last(scarce)), ["only-session"]);
    assert.deepEqual(chosen(last([...scarce, { at: 2000, available: 700, table }])), ["cat"]);
    assert.deepEqual(chosen(last(scarce.map((look) => ({ ...look, available: 300 })))), ["gnome-shell"]);
  });
});

describe("a memcg that dies as a whole, with a part of the session in it", () => {
  const scope = cgroupPath("/user.slice/user-1000.slice/session-2.scope");
  const members = new Set([50, 52].map(pid));
  const membership: Membership = { watched: [], groups: [{ path: scope, members }] };

  it("lives while anybody else can be chosen", () => {
    const other: ProcessWish = { pid: 60, comm: "other", anon: mib(2) };
    const verdict = answer({ table: [shell, small, other], membership });
    assert.equal(opening(verdict).victim.comm, "other");
    const refused = findings(verdict).find((kind) => kind === "group-refused");
    assert.equal(refused, "group-refused");
  });

  it("goes as a whole when nobody else is left", () => {
    const { victim, group } = opening(answer({ table: [shell, small], membership }));
    assert.deepEqual([victim.comm, group?.kind], ["gnome-shell", "memcg"]);
  });
});
