import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath, gib, mib } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { aPlan } from "#test/support/a-plan.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import { exited, type Look, last, opening } from "#test/support/engine-life.ts";
import { brood, browser, gone, heedless, pids, scope, session, spawner, stormy } from "#test/support/storms.ts";

const ruled = (verdict: Rule["verdict"], comm: string): Partial<Plan> => ({
  rules: [{ verdict, origin: "test", when: { name: { source: comm, matches: (text) => text === comm } } }],
});

const withUnit = (unit: Plan["kill"]["unit"]): Plan => aPlan({ kill: { ...aPlan().kill, unit } });

/** Without the one that went first. */
const remaining = (looks: readonly Look[], all: readonly ProcessWish[]): readonly number[] => {
  const first = opening(last(looks.slice(0, 2))).victim.identity.pid;
  return pids(all).filter((pid) => pid !== first);
};

describe("a fork storm below min", () => {
  it("loses as many as it takes at first, of the young, and not whoever starts them", () => {
    const looks = stormy(brood());
    const found = gone(looks);
    assert.ok(found.length > 1 && found.length < 30, String(found.length));
    assert.ok(found.every((pid) => pid >= 1000));
    assert.equal(opening(last(looks)).signal, "SIGKILL");
    assert.equal(last(looks).state.kills.length, 1);
  });

  it("goes as a whole when it has replaced what it lost, whoever starts it first, and nobody else", () => {
    const looks = heedless(brood());
    assert.deepEqual(gone(looks), [100, ...remaining(looks, brood())]);
  });

  it("is killed and not asked, and its memory is awaited together", () => {
    const verdict = last(heedless(brood()));
    const { signal, group } = opening(verdict);
    assert.deepEqual([signal, group?.kind, verdict.state.inFlight?.returns], ["SIGKILL", "family", mib(2901)]);
  });

  it("is one kill to the budget, after that of the first one", () => {
    assert.equal(last(heedless(brood())).state.kills.length, 2);
  });

  it("is known without its spawner, and without units, when parents have exited", () => {
    const orphans = brood({ change: { parent: 1, cgroup: session } });
    const looks = heedless(orphans, []);
    assert.deepEqual([...gone(looks)].sort(), [...remaining(looks, orphans)].sort());
  });

  it("takes along what its spawner had started before trouble began", () => {
    const elders = brood({ count: 3, from: 200 });
    const looks = heedless(brood(), [spawner, ...elders]);
    assert.deepEqual([...gone(looks)].sort(), [100, ...remaining(looks, brood()), ...pids(elders)].sort());
  });

  it("loses one only where the unit is a process", () => {
    assert.equal(gone(stormy(brood()), withUnit("process")).length, 1);
  });

  it("keeps all it has when jobs end by themselves and others follow: that is no growth", () => {
    const followers = brood({ from: 3000 });
    const looks = heedless(brood());
    const end = looks.at(-1) ?? assert.fail();
    // Twenty-five were there when one of them went: as many others are there now.
    const found = gone([...looks.slice(0, -1), { ...end, table: [browser, spawner, ...followers.slice(0, 25)] }]);
    assert.ok(found.length < 25 && !found.includes(100), String(found));
  });
});

describe("a fork storm beside a rule that has somebody go first", () => {
  const first = (comm: string): Plan => aPlan(ruled("first", comm));

  it("waits its turn: the rule is obeyed, and nobody of the storm goes with that one", () => {
    assert.deepEqual(gone(stormy(brood()), first("browser")), [browser.pid]);
  });

  it("goes as a whole where it is meant itself, as it does without a rule", () => {
    const ruledGone = gone(heedless(brood()), first("storm"));
    assert.deepEqual([...ruledGone].sort(), [...gone(heedless(brood()))].sort());
  });

  it("is not held up by one that gives back too little to be of use", () => {
    const bystander = { pid: 60, comm: "small", anon: mib(20) };
    const found = gone(stormy([...brood(), bystander]), first("small"));
    assert.equal(found.includes(60), false);
  });
});

describe("a fork storm never takes along", () => {
  it("an interactive shell in which it was typed: its children go, the older of them stay", () => {
    const shell = { ...spawner, leadsTerminal: true };
    const elders = brood({ count: 3, from: 200 });
    const looks = heedless(brood(), [shell, ...elders]);
    assert.deepEqual([...gone(looks)].sort(), [...remaining(looks, brood())].sort());
  });

  it("whoever a rule protects, has oom_score_adj -1000, is an interactive shell, or is dying", () => {
    const others: readonly ProcessWish[] = [
      { pid: 2000, comm: "saved", parent: 100, cgroup: scope },
      { pid: 2001, comm: "storm", parent: 100, cgroup: scope, oomScoreAdj: -1000 },
      { pid: 2002, comm: "storm", parent: 100, cgroup: scope, leadsTerminal: true },
      { pid: 2003, comm: "storm", parent: 100, cgroup: scope, isDying: true },
    ];
    const looks = heedless([...brood(), ...others]);
    assert.deepEqual(gone(looks, aPlan(ruled("never", "saved"))), [100, ...remaining(looks, brood())]);
  });

  it("an elder that somebody wants to be avoided", () => {
    const elder = { pid: 200, comm: "dear", parent: 100, cgroup: scope };
    const looks = heedless(brood(), [spawner, elder]);
    assert.deepEqual(gone(looks, aPlan(ruled("avoid", "dear"))), [100, ...remaining(looks, brood())]);
  });

  it("a parent that was there for a minute, and what it started then: a server, or whoever adopts orphans", () => {
    const burst = brood().map((each) => ({ ...each, startTicks: each.pid + 6000 }));
    const elders = brood({ count: 3, from: 200 });
    const looks = heedless(burst, [spawner, ...elders]);
    assert.deepEqual([...gone(looks)].sort(), [...remaining(looks, burst)].sort());
  });

  it("the killer that it started", () => {
    const looks = heedless(brood({ change: { parent: 900, cgroup: session } }), []);
    assert.ok(!gone(looks).includes(900));
  });

  it("a parent of another user, or in another cgroup: a service manager, a terminal", () => {
    for (const change of [{ uid: 0 }, { cgroup: cgroupPath("/user.slice/app.slice/terminal.service") }]) {
      assert.ok(!gone(heedless(brood(), [{ ...spawner, ...change }])).includes(100));
    }
  });

  it("a parent that started anything else: a session has more in it than the storm", () => {
    const young = brood({ change: { cgroup: session } });
    const compositor = { ...spawner, comm: "sway", cgroup: session };
    const editor = { pid: 101, comm: "editor", parent: 100, cgroup: session };
    const looks = heedless(young, [compositor, editor]);
    assert.deepEqual([...gone(looks)].sort(), [...remaining(looks, young)].sort());
  });
});

describe("no fork storm", () => {
  it("are the tabs of a browser, which are offered up one by one with a raised oom_score_adj", () => {
    const tabs = brood({ change: { oomScoreAdj: 200 } });
    assert.equal(gone(stormy(tabs)).length, 1);
  });

  it("are processes that were there before trouble began, however many", () => {
    const workers = brood({ from: 200, change: { anon: mib(90) } });
    const grown = workers.map((worker) => ({ ...worker, anon: mib(100) }));
    const looks: readonly Look[] = [
      { at: 0, available: 1100, table: [browser, spawner, ...workers] },
      { at: 1000, available: 300, table: [browser, spawner, ...grown] },
    ];
    assert.equal(gone(looks).length, 1);
  });

  it("is what took less than others did meanwhile", () => {
    const looks: readonly Look[] = [
      { at: 0, available: 1100, table: [browser, spawner] },
      { at: 1000, available: 300, table: [{ ...browser, anon: gib(6) }, spawner, ...brood()] },
    ];
    assert.deepEqual(gone(looks), [50]);
  });

  it("is what somebody wants to be avoided", () => {
    assert.equal(gone(stormy(brood()), aPlan(ruled("avoid", "storm"))).length, 1);
  });
});

describe("a fork storm above min", () => {
  const warned: readonly Look[] = [
    { at: 0, available: 1100, table: [browser, spawner] },
    { at: 1000, available: 700, table: [browser, spawner, ...brood()] },
  ];
  const after = (table: readonly ProcessWish[], at = 5000): readonly Look[] => [
    ...warned,
    { at: 1100, available: 700, victims: [{ ...exited(1050), identity: opening(last(warned)).victim.identity }] },
    { at: 2000, available: 700 },
    { at, available: 700, table },
  ];

  it("loses one of it first, which is asked: a build stops when that happens", () => {
    const { victim, signal, group } = opening(last(warned));
    assert.deepEqual([victim.comm, victim.identity.pid >= 1000, signal, group], ["storm", true, "SIGTERM", undefined]);
  });

  it("loses another when nobody was started since", () => {
    const others = brood().filter(({ pid }) => pid !== opening(last(warned)).victim.identity.pid);
    assert.equal(gone(after([browser, spawner, ...others])).length, 1);
  });

  it("goes as a whole when it goes on", () => {
    const more = brood({ count: 36 }).filter(({ pid }) => pid !== opening(last(warned)).victim.identity.pid);
    assert.deepEqual(gone(after([browser, spawner, ...more])), [100, ...pids(more)]);
  });
});

describe("the unit family", () => {
  it("takes the family of any victim, without those who must live", () => {
    const hog = { pid: 100, comm: "hog", anon: gib(6), cgroup: scope };
    const helpers = brood({ count: 3 });
    const shell = { pid: 99, comm: "bash", cgroup: scope, leadsTerminal: true };
    const looks = stormy([], [hog, ...helpers, shell]);
    assert.deepEqual(gone(looks, withUnit("family")), [100, ...pids(helpers)]);
    assert.deepEqual(gone(looks), [100]);
  });
});
