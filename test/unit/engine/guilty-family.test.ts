import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CgroupPath,
  cgroupPath,
  gib,
  type KiB,
  mib,
  milliseconds,
  oomScoreAdjMin,
  seconds,
} from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Rule } from "#engine/rule.ts";
import { desktop } from "#policies/desktop.ts";
import { kernel } from "#policies/kernel.ts";
import { aMemcg, app, watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { exited, findings, type Look, last, opening } from "#test/support/engine-life.ts";

const scope = (name: string): CgroupPath => cgroupPath(`/user.slice/app.slice/app-${name}.scope`);

/** The largest process of all, and innocent. */
const browser: ProcessWish = { pid: 50, comm: "browser", anon: gib(2), cgroup: scope("browser") };

interface Workers {
  readonly anon: KiB;
  readonly count?: number;
  readonly change?: Partial<ProcessWish>;
}

const workers = ({ anon, count = 20, change = {} }: Workers): readonly ProcessWish[] =>
  Array.from({ length: count }, (_, index) => ({
    pid: 100 + index,
    comm: "worker",
    anon,
    cgroup: scope("job"),
    ...change,
  }));

/** Trouble approaches with one table, and comes with the other. */
const between = (before: readonly ProcessWish[], now: readonly ProcessWish[]): readonly Look[] => [
  { at: 0, available: 1100, table: before },
  { at: 1000, available: 700, table: now },
];

const victimOf = (looks: readonly Look[], plan = aPlan()) => opening(last(looks, plan)).victim;

const small = workers({ anon: mib(300) });
const grown = workers({ anon: mib(320) });

describe("a family of which no process is large", () => {
  it("is to blame when it grew, and is clearly larger than anybody else", () => {
    const victim = victimOf(between([browser, ...small], [browser, ...grown]));
    assert.equal(victim.comm, "worker");
    const { processes, returns, grown: by } = victim.family ?? {};
    assert.deepEqual({ processes, returns, by }, { processes: 20, returns: mib(6400), by: mib(400) });
  });

  it("is ranked by its size: its largest process has a term for what the others hold", () => {
    const large = { pid: 130, comm: "large", anon: mib(500), cgroup: scope("job") };
    const victim = victimOf(between([browser, ...small], [browser, large, ...grown]));
    assert.equal(victim.comm, "large");
    assert.deepEqual(victim.badness, {
      total: mib(6900),
      terms: [
        { name: "anon", value: mib(500) },
        { name: "family", value: mib(6400) },
      ],
    });
  });

  it("is not to blame when it was that large before and did not grow", () => {
    assert.equal(victimOf(between([browser, ...grown], [browser, ...grown])).comm, "browser");
  });

  it("is not to blame when nobody knows what it held before", () => {
    assert.equal(victimOf([{ at: 0, available: 700, table: [browser, ...grown] }]).comm, "browser");
  });

  it("is not to blame when it grew by what memory does anyway", () => {
    const hardly = workers({ anon: mib(304) });
    assert.equal(victimOf(between([browser, ...small], [browser, ...hardly])).comm, "browser");
  });

  it("is not to blame when somebody else grew half as much as it, or more", () => {
    const larger = { ...browser, anon: gib(2.25) };
    assert.equal(victimOf(between([...small, browser], [...grown, larger])).comm, "browser");
  });

  it("is not to blame when it is not clearly larger than the largest process", () => {
    const huge = { ...browser, anon: gib(3.5) };
    assert.equal(victimOf(between([huge, ...small], [huge, ...grown])).comm, "browser");
  });

  it("counts a newcomer whole: it has grown from nothing", () => {
    const young = workers({ anon: mib(300), count: 22 });
    assert.equal(victimOf(between([browser, ...small], [browser, ...young])).comm, "worker");
  });
});

describe("a browser with many tabs", () => {
  const tabs = (anon: KiB): readonly ProcessWish[] =>
    Array.from({ length: 40 }, (_, index) => ({
      pid: 300 + index,
      comm: "tab",
      anon,
      parent: 50,
      cgroup: scope("browser"),
    }));
  const hog: ProcessWish = { pid: 60, comm: "hog", anon: gib(1), cgroup: scope("hog") };

  it("does not lose to one process that grows, however large it is together", () => {
    const now = [browser, ...tabs(mib(150)), { ...hog, anon: gib(3) }];
    assert.equal(victimOf(between([browser, ...tabs(mib(149)), hog], now)).comm, "hog");
  });

  it("loses a tab and not its main process when its tabs are what grew", () => {
    const old = { ...hog, anon: gib(2.5) };
    const now = [browser, ...tabs(mib(200)), old];
    assert.equal(victimOf(between([browser, ...tabs(mib(150)), old], now)).comm, "tab");
  });
});

describe("inside a guilty family", () => {
  const main: ProcessWish = { pid: 99, comm: "main", anon: gib(1), cgroup: scope("job") };
  const started = (anon: KiB) => workers({ anon, change: { parent: 99 } });

  it("whoever started the others goes after them, though it is larger", () => {
    const victim = victimOf(between([browser, main, ...started(mib(300))], [browser, main, ...started(mib(320))]));
    assert.equal(victim.comm, "worker");
  });

  it("whoever started only small ones does not hide behind them", () => {
    const helper = { pid: 200, comm: "helper", anon: mib(2), parent: 99, cgroup: scope("job") };
    const before = [browser, main, helper, ...small];
    const after = [browser, { ...main, anon: mib(1044) }, helper, ...grown];
    assert.equal(victimOf(between(before, after)).comm, "main");
  });

  it("whoever took nothing of what it took is not to blame, though it is larger and started nobody", () => {
    const agent = { ...main, comm: "agent" };
    assert.equal(victimOf(between([browser, agent, ...small], [browser, agent, ...grown])).comm, "worker");
  });

  it("nobody who is protected is chosen, by a rule or by oom_score_adj", () => {
    const never: Rule = {
      verdict: "never",
      origin: "test",
      when: { name: { source: "worker", matches: (text) => text === "worker" } },
    };
    const looks = between([browser, ...small], [browser, ...grown]);
    assert.equal(victimOf(looks, aPlan({ rules: [never] })).comm, "browser");
    const sacred = { change: { oomScoreAdj: oomScoreAdjMin } };
    const theirs = between(
      [browser, ...workers({ anon: mib(300), ...sacred })],
      [browser, ...workers({ anon: mib(320), ...sacred })],
    );
    assert.equal(victimOf(theirs).comm, "browser");
  });

  it("one that holds half of it is to blame alone, and small children do not die for it", () => {
    const hog = { pid: 90, comm: "hog", anon: gib(6), cgroup: scope("hog") };
    const child = { pid: 91, comm: "child", anon: gib(1), parent: 90, cgroup: scope("hog") };
    const victim = victimOf(between([browser, { ...hog, anon: gib(4) }, child], [browser, hog, child]));
    assert.equal(victim.comm, "hog");
    assert.equal(victim.family, undefined);
  });
});

describe("one member after the other", () => {
  it("is taken as long as it is to blame: one that was given up counts neither way", () => {
    const before = [browser, ...small];
    const looks = between(before, [browser, ...grown]);
    const first = victimOf(looks).identity;
    const stuck: Look = { at: 1100, available: 700, victims: [{ identity: first, kind: "refused", why: "failed" }] };
    const shrunk = workers({ anon: mib(300) });
    assert.equal(
      victimOf([...looks, stuck, { at: 3000, available: 700, table: [browser, ...shrunk] }]).comm,
      "browser",
    );
  });

  it("goes as long as the shortage lasts: what the first gave back is no shrinking of its family", () => {
    const looks = between([browser, ...small], [browser, ...grown]);
    const first = victimOf(looks).identity;
    const left = grown.filter(({ pid }) => pid !== first.pid);
    const gone: Look = { at: 1500, available: 1000, anon: 14_000, victims: [{ ...exited(1400), identity: first }] };
    const again: Look = { at: 4000, available: 700, table: [browser, ...left] };
    const concluded = last([...looks, gone]);
    assert.ok(findings(concluded).includes("memory-back"), findings(concluded).join());
    assert.equal(victimOf([...looks, gone, again]).comm, "worker");
  });
});

describe("what families held before", () => {
  const calm: Look = { at: 0, available: 8000, table: [browser, ...small] };

  it("is known from the last table in calm, when trouble comes at once", () => {
    assert.equal(victimOf([calm, { at: 5000, available: 700, table: [browser, ...grown] }]).comm, "worker");
  });

  it("is what the later of two tables in calm says", () => {
    const later: Look = { at: 1000, available: 8000, table: [browser, ...grown] };
    assert.equal(victimOf([calm, later, { at: 5000, available: 700, table: [browser, ...grown] }]).comm, "browser");
  });

  it("is not written anew for a watched memcg that is calm while the machine is not", () => {
    const plan = aPlan({ memcgs: watching(app) });
    const see = (at: number, available: KiB, table: readonly ProcessWish[]) =>
      aSnapshot({
        at,
        meminfo: someMeminfo({ available }),
        pressure: somePressure({ some: 0, full: 0 }),
        memcgs: [aMemcg(mib(100))],
        table: someTable(table),
      });
    const before = decide(see(0, mib(1100), [browser, ...small]), initialState(milliseconds(0)), plan);
    const verdict = decide(see(1000, mib(700), [browser, ...grown]), before.state, plan);
    assert.equal(opening(verdict).victim.comm, "worker");
  });

  it("is forgotten when that was long ago", () => {
    const quiet: Look = { at: seconds(11), available: 8000 };
    const looks = [calm, quiet, { at: seconds(12), available: 700, table: [browser, ...grown] }];
    assert.equal(victimOf(looks).comm, "browser");
  });
});

describe("policies", () => {
  const looks = between([browser, ...small], [browser, ...grown]);

  it("of the kernel compare process with process, as the kernel does", () => {
    assert.equal(victimOf(looks, aPlan({ policy: bindPolicy(kernel, {}) })).comm, "browser");
  });

  it("of the desktop do so when told to", () => {
    const policy = bindPolicy(desktop, { ...defaultOptions(desktop.options), families: false });
    assert.equal(victimOf(looks, aPlan({ policy })).comm, "browser");
  });
});
