import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProcessTable } from "#domain/process.ts";
import { gib, type KiB, kib, mib, microseconds, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { noReserves } from "#engine/headroom.ts";
import { type Distance, nextLook, paceByDistance, quietNeeds } from "#engine/pacing.ts";
import { aPlan, onlyHeadroom } from "#test/support/a-plan.ts";
import { aSnapshot, someMeminfo, someTable } from "#test/support/a-snapshot.ts";
import { anAlarm } from "#test/support/decisions.ts";
import { type Look, last, live, see } from "#test/support/engine-life.ts";

const { pacing } = aPlan();

const withoutSwap = (available: KiB): Distance => ({ available, swap: kib(0) });

describe("the pace of looks", () => {
  it("is calm when even the fastest fill would need longer", () => {
    assert.equal(paceByDistance(withoutSwap(gib(20)), 0, pacing), 1000);
  });

  it("is half of what the fastest fill needs to the next watermark, so that one twice as fast is seen as well", () => {
    assert.equal(paceByDistance(withoutSwap(gib(3)), 0, pacing), 250);
  });

  it("is slower where nothing is left but swap, which fills more slowly than memory", () => {
    assert.equal(paceByDistance({ available: kib(0), swap: mib(512) }, 0, pacing), 250);
    assert.equal(paceByDistance({ available: mib(768), swap: mib(512) }, 0, pacing), 62.5 + 250);
  });

  it("does not fall below the near pace while memory is not falling", () => {
    assert.equal(paceByDistance(withoutSwap(kib(0)), 0, pacing), 20);
    assert.equal(paceByDistance(withoutSwap(kib(0)), -5000, pacing), 20);
  });

  it("comes down to half the time that is left when memory falls fast", () => {
    assert.equal(paceByDistance(withoutSwap(mib(24)), kib(1024), pacing), 12);
  });

  it("never falls below the tight pace", () => {
    assert.equal(paceByDistance(withoutSwap(kib(0)), gib(1), pacing), 4);
  });

  it("never waits longer because memory falls", () => {
    for (const distance of [0, 1, 50, 500, 5000, 50_000]) {
      for (const fall of [1, 10, 1000, 100_000]) {
        assert.ok(
          paceByDistance(withoutSwap(mib(distance)), fall, pacing) <=
            paceByDistance(withoutSwap(mib(distance)), 0, pacing),
        );
      }
    }
  });
});

describe("the next look", () => {
  const stalledFor = (full: number, available = 2000): readonly Look[] => [
    { at: 0, available },
    { at: 1000, available, full },
  ];

  it("comes ten times as soon when a stall is half-way to its limit", () => {
    assert.equal(last(stalledFor(300)).next.at, 1000 + paceByDistance(withoutSwap(mib(1200)), 0, pacing));
    assert.equal(last(stalledFor(500, 2047)).next.at, 1100);
  });

  it("comes soon when a stall is felt, and what it is about was not read", () => {
    const plan = aPlan();
    const [calm] = live([{ at: 0, available: 2000 }], plan);
    assert.ok(calm !== undefined);
    const { vmstat: _, ioPressure: __, ...blind } = see({ at: 1000, available: 2000, full: 20 });
    assert.equal(decide(blind, { ...calm.state, dueAt: milliseconds(1000) }, plan).next.at, 1020);
  });

  it("is not hurried by a stall that proves nothing, because much is available", () => {
    assert.equal(last(stalledFor(700, 14_000)).next.at, 2000);
  });

  it("comes no later than an alarm has been proven for as long as it has to", () => {
    const patient = aPlan().alarms.map((alarm) =>
      alarm.kind === "approaching" ? { ...alarm, holdFor: milliseconds(30) } : alarm,
    );
    const plan = aPlan({ alarms: patient, pacing: { ...pacing, near: milliseconds(500) } });
    const [first, raised] = live(
      [
        { at: 0, available: 1100 },
        { at: 30, available: 1100 },
      ],
      plan,
    );
    assert.deepEqual([first?.state.alarm, first?.next.at], [undefined, 30]);
    assert.equal(raised?.state.alarm?.kind, "approaching");
  });
});

describe("the facts of a quiet look", () => {
  const plan = aPlan();
  const at = milliseconds(5000);

  it("leave the process table out in calm", () => {
    assert.deepEqual(quietNeeds(initialState(at), at, plan), ["meminfo", "pressure", "zoneinfo", "swaps", "arc"]);
  });

  it("include the counters of reclaim while tasks stall, and for a while after", () => {
    const felt = (stalledAt: number) => ({
      ...initialState(at),
      feltStall: { total: microseconds(1), seenAt: milliseconds(0), at: milliseconds(stalledAt) },
    });
    assert.ok(quietNeeds(felt(5000), at, plan).includes("vmstat"));
    assert.ok(quietNeeds(felt(0), at, plan).includes("vmstat"));
    assert.ok(!quietNeeds(felt(0), milliseconds(10_000), plan).includes("vmstat"));
  });

  it("read zones again only when ten seconds have passed, and more often under an alarm", () => {
    const readAt = milliseconds(4950);
    const state = { ...initialState(at), seldom: { zoneinfo: { value: undefined, readAt } } };
    assert.ok(!quietNeeds(state, at, plan).includes("zoneinfo"));
    assert.ok(quietNeeds(state, milliseconds(14_950), plan).includes("zoneinfo"));
    assert.ok(quietNeeds({ ...state, alarm: anAlarm }, at, plan).includes("zoneinfo"));
  });

  it("read zones as often while tasks stall, and when what the kernel could reclaim itself is below high", () => {
    const calm = initialState(at);
    const zoneinfo = { value: undefined, readAt: milliseconds(4950) };
    const listed = (amount: KiB) => quietNeeds({ ...calm, seldom: { zoneinfo, listed: amount } }, at, plan);
    assert.ok(!listed(plan.headroom.high).includes("zoneinfo"));
    assert.ok(listed(kib(plan.headroom.high - 1)).includes("zoneinfo"));
    const feltStall = { total: microseconds(1), seenAt: at, at };
    assert.ok(quietNeeds({ ...calm, seldom: { zoneinfo }, feltStall }, at, plan).includes("zoneinfo"));
  });

  it("leave pressure out where stall is no evidence", () => {
    assert.ok(!quietNeeds(initialState(at), at, aPlan(onlyHeadroom)).includes("pressure"));
  });

  it("read swaps again only when a second has passed", () => {
    const state = { ...initialState(at), swapsReadAt: milliseconds(4500) };
    assert.ok(!quietNeeds(state, at, plan).includes("swaps"));
    assert.ok(quietNeeds(state, milliseconds(5500), plan).includes("swaps"));
  });

  it("include the cache of ZFS with every meminfo where there is one, and look for it now and then where there is none", () => {
    const state = { ...initialState(at), swapsReadAt: milliseconds(4500) };
    assert.ok(!quietNeeds(state, at, plan).includes("arc"));
    assert.ok(quietNeeds(state, milliseconds(5500), plan).includes("arc"));
    const arc = { size: gib(4), minimum: gib(1), evictable: undefined };
    assert.ok(quietNeeds({ ...state, reserves: { ...noReserves, arc } }, at, plan).includes("arc"));
  });

  it("include the table from time to time when a rule asks for what cannot be read in trouble", () => {
    const asking = aPlan({ pacing: { ...pacing, tableEvery: milliseconds(10_000) } });
    // At the very first look as well: in trouble arguments are not read, and who is not known is protected by a rule about them.
    assert.ok(quietNeeds(initialState(at), at, asking).includes("processes"));
    const read = { ...initialState(at), tableReadAt: milliseconds(4000) };
    assert.ok(!quietNeeds(read, at, asking).includes("processes"));
  });

  it("need no more of the table at the very first look than who matters, and the rest at the next if there is calm", () => {
    const asking = aPlan({ pacing: { ...pacing, tableEvery: milliseconds(10_000) } });
    const first = nextLook(initialState(at), at, asking);
    assert.deepEqual([first.keepsTable, first.isPressing], [true, false]);
    const heaviest = someTable([{ pid: 5 }]);
    const meminfo = someMeminfo({ available: gib(8) });
    const lookAt = (table: ProcessTable) => decide(aSnapshot({ at, meminfo, table }), initialState(at), asking);
    const partly = lookAt({ ...heaviest, unread: { count: 9000, held: mib(4), permille: 1 } });
    assert.deepEqual([partly.next.needs.includes("processes"), partly.next.keepsTable], [true, undefined]);
    assert.ok(!lookAt(heaviest).next.needs.includes("processes"));
  });
});
