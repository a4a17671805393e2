import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WatchedMemcg } from "#domain/memcg.ts";
import { cgroupPath, mib, milliseconds } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aMemcg, app, membership, watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";
import {
  db,
  type Look,
  last,
  live,
  never,
  plan,
  report,
  scarceIn,
  see,
  signals,
  withheld,
} from "#test/support/memcg-life.ts";

describe("victims of several scopes", () => {
  const two = plan({ memcgs: watching(app, db) });

  it("one is chosen in each memcg that is short of memory, at the same look", () => {
    const verdict = last([{ at: 0, memcgs: [scarceIn(app), scarceIn(db)], isCloser: true }], two);
    assert.deepEqual(
      signals(verdict).map(({ to, memcg }) => [to, memcg]),
      [
        ["worker", app],
        ["postgres", db],
      ],
    );
  });

  it("a victim in one memcg keeps nobody waiting in another", () => {
    const verdict = last(
      [
        { at: 0, memcgs: [scarceIn(app), aMemcg(mib(100), { path: db })], isCloser: true },
        { at: 20, memcgs: [scarceIn(app), scarceIn(db)], isCloser: true, victims: [report(20, "alive")] },
      ],
      two,
    );
    assert.deepEqual(
      signals(verdict).map(({ to }) => to),
      ["postgres"],
    );
  });

  it("the machine waits for a victim in a memcg, and says so once", () => {
    const [, second, third] = live([
      { at: 0, used: 900, isCloser: true },
      { at: 20, used: 900, available: 700, isCloser: true, victims: [report(20, "alive")] },
      { at: 40, used: 900, available: 700, isCloser: true, victims: [report(20, "alive")] },
    ]);
    assert.ok(second && third);
    assert.deepEqual([signals(second), withheld(second)], [[], ["victim-elsewhere"]]);
    assert.deepEqual([signals(third), withheld(third)], [[], []]);
  });

  it("a memcg waits for a member that the machine chose, and for nobody else", () => {
    const none = [aMemcg(mib(100)), aMemcg(mib(100), { path: db })];
    const spared = plan({ memcgs: watching(app, db), rules: [never("neighbour"), never("postgres")] });
    const verdict = last(
      [
        { at: 0, memcgs: none, available: 700, isCloser: true },
        {
          at: 20,
          memcgs: [scarceIn(app), scarceIn(db)],
          available: 700,
          isCloser: true,
          victims: [report(20, "alive")],
        },
      ],
      { ...spared, rules: spared.rules },
    );
    assert.deepEqual(signals(verdict), []);
    assert.deepEqual(withheld(verdict), ["victim-elsewhere", "no-candidate"]);
  });

  it("a machine that is exhausted turns the request to a member into a kill", () => {
    const looks: Look[] = [
      { at: 0, used: 900, isCloser: true },
      { at: 20, used: 900, available: 300, victims: [report(20, "alive")] },
      { at: 24, used: 900, available: 300, victims: [report(20, "alive")] },
    ];
    const [escalation] = last(looks).decisions;
    assert.ok(escalation?.kind === "escalate");
    assert.deepEqual(
      [escalation.victim.comm, escalation.alarm.kind, escalation.alarm.memcg],
      ["worker", "exhausted", undefined],
    );
  });

  it("the machine takes what a memcg got back for its own, although it cannot be seen yet", () => {
    const lagging = { available: 500, used: 300 };
    const looks: Look[] = [
      { at: 0, used: 970, available: 900, isCloser: true },
      { at: 20, ...lagging, victims: [report(20, "exited", 15)] },
      { at: 1100, ...lagging, isCloser: true },
    ];
    const snapshots = looks.map((look) => {
      const snapshot = see(look);
      const meminfo = someMeminfo({ available: mib(look.available ?? 0), anon: mib(look.at === 0 ? 15_000 : 14_300) });
      return { ...snapshot, meminfo: { kind: "known" as const, value: meminfo } };
    });
    let state = initialState(milliseconds(0));
    const verdicts = snapshots.map((snapshot) => {
      const verdict = decide(snapshot, state, plan());
      state = verdict.state;
      return verdict;
    });
    const end = verdicts.at(-1);
    assert.ok(end);
    assert.deepEqual(signals(end), []);
  });

  it("all kills count against one budget", () => {
    const poor = plan({ memcgs: watching(app, db), kill: { ...aPlan().kill, budget: 1 } });
    const verdict = last([{ at: 0, memcgs: [scarceIn(app), scarceIn(db)], isCloser: true }], poor);
    assert.deepEqual([signals(verdict).length, withheld(verdict)], [1, ["budget-spent"]]);
  });

  it("the innermost of two memcgs is answered first, and the one around it waits for its victim", () => {
    const nested = cgroupPath("/app/job");
    const members = membership({ [app]: [20, 21], [nested]: [21] });
    const snapshot = {
      ...see({ at: 0, memcgs: [scarceIn(app), scarceIn(nested)], isCloser: true }),
      membership: { kind: "known", value: members },
    } as const;
    const verdict = decide(snapshot, initialState(milliseconds(0)), plan({ memcgs: watching(app, nested) }));
    assert.deepEqual(
      signals(verdict).map(({ to, memcg }) => [to, memcg]),
      [["helper", nested]],
    );
    assert.deepEqual(withheld(verdict), ["victim-elsewhere"]);
  });

  it("a memcg within another waits for a victim of the one around it", () => {
    const nested = cgroupPath("/app/job");
    const by = plan({ memcgs: watching(app, nested) });
    let state = initialState(milliseconds(0));
    const look = (at: number, memcgs: readonly WatchedMemcg[], victims: readonly VictimReport[]) => {
      const snapshot = { ...see({ at, memcgs, isCloser: true, victims }), ...members };
      const verdict = decide(snapshot, state, by);
      state = verdict.state;
      return verdict;
    };
    const members = { membership: { kind: "known", value: membership({ [app]: [20, 21], [nested]: [20] }) } } as const;
    look(0, [scarceIn(app), aMemcg(mib(100), { path: nested })], []);
    const verdict = look(20, [scarceIn(app), scarceIn(nested)], [report(20, "alive")]);
    assert.deepEqual([signals(verdict), withheld(verdict)], [[], ["victim-elsewhere"]]);
  });
});
