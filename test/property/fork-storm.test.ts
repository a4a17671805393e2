import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Decision } from "#domain/decision.ts";
import { type Identity, identityKey } from "#domain/identity.ts";
import { type CgroupPath, cgroupPath, gib, initPid, mib, oomScoreAdjMin } from "#domain/units.ts";
import { ancestorsOf } from "#engine/eligibility.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type ProcessWish, selfPid, someTable } from "#test/support/a-snapshot.ts";
import { live } from "#test/support/engine-life.ts";
import { runs, seed } from "#test/support/seed.ts";

const cgroups = ["/", "/a.slice/session-1.scope", "/a.slice/one.scope", "/a.slice/two.service"].map(cgroupPath);

/** A process that may be of a storm, or near one, with all that may protect it. */
const kin = fc.record({
  parent: fc.constantFrom(1, 100, 101, 102, 900, 1000, 1001, 5000),
  comm: fc.constantFrom("storm", "storm", "storm", "saved", "other"),
  uid: fc.constantFrom(1000, 1000, 1000, 0),
  cgroup: fc.constantFrom(...cgroups),
  anon: fc.integer({ min: 1, max: 100 }).map(mib),
  oomScoreAdj: fc.constantFrom(0, 0, 0, 0, 300, -1000),
  leadsTerminal: fc.constantFrom(false, false, false, true),
  isDying: fc.constantFrom(false, false, false, true),
  isKernelThread: fc.constantFrom(false, false, false, false, true),
});

const number = (wishes: readonly Omit<ProcessWish, "pid">[], from: number): readonly ProcessWish[] =>
  wishes.map((wish, index) => ({ ...wish, pid: from + index }));

/** Who was there before, and who was born since: most of them alike, or nothing would ever be a storm. */
const machines = fc
  .record({
    before: fc.array(kin, { maxLength: 10 }),
    alike: kin,
    count: fc.integer({ min: 0, max: 60 }),
    others: fc.array(kin, { maxLength: 30 }),
    late: fc.array(kin, { maxLength: 10 }),
    unit: fc.constantFrom<Plan["kill"]["unit"]>("auto", "auto", "family", "app", "memcg", "process"),
    available: fc.constantFrom(300, 300, 700),
  })
  .map(({ before, alike, count, others, late, unit, available }) => {
    const old = [{ pid: 50, comm: "browser", anon: gib(1) }, ...number(before, 100)];
    const young = number([...others, ...Array.from({ length: count }, () => alike)], 1000);
    return { old, young, late: number([...late, alike, alike], 5000), unit, available };
  });

const saved: Plan["rules"] = [
  { verdict: "never", origin: "property", when: { name: { source: "saved", matches: (text) => text === "saved" } } },
];

type Opening = Extract<Decision, { kind: "signal" }>;

const openings = (decisions: readonly Decision[]): readonly Opening[] =>
  decisions.filter((decision) => decision.kind === "signal");

/** Why somebody must not die along with a family; undefined: it may. */
function protectionOf(pid: number, wishes: readonly ProcessWish[]): string | undefined {
  const table = someTable(wishes);
  const own = table.processes.find(({ identity }) => identity.pid === pid);
  if (own === undefined) return "nobody was seen there";
  if (pid === initPid || pid === selfPid || ancestorsOf(selfPid, table).has(own.identity.pid)) return "ours";
  if (own.isKernelThread) return "a kernel thread";
  if (own.oomScoreAdj === oomScoreAdjMin) return "oom_score_adj -1000";
  if (own.comm === "saved") return "a rule";
  if (own.leadsTerminal === true) return "an interactive shell";
  return own.isDying ? "dying already" : undefined;
}

/** A family that is killed, at which look, and in whose sight. */
interface Blow {
  readonly index: number;
  readonly kills: number;
  readonly seen: readonly ProcessWish[];
  readonly members: readonly Identity[];
  /** The cgroup that is killed at one stroke. */
  readonly whole: CgroupPath | undefined;
}

/** Who is in a cgroup or below it, and has to live on. */
const keptIn = (whole: CgroupPath | undefined, seen: readonly ProcessWish[]): readonly ProcessWish[] =>
  seen.filter(({ pid, cgroup }) => {
    const isInside = whole !== undefined && (cgroup === whole || cgroup?.startsWith(`${whole}/`) === true);
    return isInside && ![undefined, "dying already", "a kernel thread"].includes(protectionOf(pid, seen));
  });

type Machine = typeof machines extends fc.Arbitrary<infer M> ? M : never;

/** The kills of whole families on such a machine. */
function blowsOn({ old, young, late, unit, available }: Machine): readonly Blow[] {
  const plan = aPlan({ rules: saved, kill: { ...aPlan().kill, unit } });
  const tables = [old, [...old, ...young], [...old, ...young, ...late]];
  const looks = tables.map((table, index) => ({ at: index * 1000, available: index === 0 ? 1100 : available, table }));
  return live(looks, plan).flatMap(({ decisions, state }, index) =>
    openings(decisions).flatMap(({ group }) => {
      if (group === undefined) return [];
      const { members, whole } = group;
      return [{ index, kills: state.kills.length, seen: tables[index] ?? [], members, whole }];
    }),
  );
}

describe(`kills of families, applications and cgroups, seed ${seed}`, () => {
  it("never take anybody along who is protected, at the first blow and after it, and count as one", () => {
    let [blows, wholes] = [0, 0];
    fc.assert(
      fc.property(machines, (machine) => {
        for (const { index, kills, seen, members, whole } of blowsOn(machine)) {
          blows += 1;
          if (whole !== undefined) wholes += 1;
          assert.deepEqual(keptIn(whole, seen), []);
          assert.notEqual(machine.unit, "process");
          for (const { pid } of members) assert.equal(protectionOf(pid, seen), undefined);
          assert.equal(new Set(members.map(identityKey)).size, members.length);
          assert.ok(kills <= index, "one look, one kill");
        }
      }),
      { seed, numRuns: runs(1000) },
    );
    assert.ok(blows > 0, "no family was ever killed");
    assert.ok(wholes > 0, "nothing was ever killed as a whole");
  });
});
