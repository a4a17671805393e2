import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import { known, type Snapshot, unavailable } from "#domain/snapshot.ts";
import type { Swaps } from "#domain/swaps.ts";
import { gib, kib, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, someMeminfo } from "#test/support/a-snapshot.ts";

const plan = aPlan();
const begin = initialState(milliseconds(0));

const swapsOf = (size: number): Swaps => ({
  devices: size === 0 ? [] : [{ path: "/swap", kind: "file", size: gib(size), used: kib(0), priority: -2 }],
});

const swapping = (size: number): Meminfo =>
  someMeminfo({ available: gib(8), swapTotal: gib(size), swapFree: gib(size) });

/** Looks half a second apart, so that a list is read again only for a reason. */
const look = (at: number, meminfo: Meminfo, more: Pick<Snapshot, "swaps" | "arc"> = {}): Snapshot => ({
  ...aSnapshot({ at, meminfo }),
  ...more,
});

describe("the list of swap devices", () => {
  const read = { swaps: known(swapsOf(4)) };

  it("is not read again before its time while meminfo agrees with it", () => {
    const short = someMeminfo({ available: gib(2), swapTotal: gib(1), swapFree: gib(1) });
    const { state, next } = decide(look(0, short, { swaps: known(swapsOf(1)) }), begin, plan);
    assert.ok(next.at < plan.pacing.calm && !next.needs.includes("swaps"));
    assert.equal(decide(look(500, short), state, plan).state.swapsReadAt, 0);
  });

  it("is read at the very next look when swap came, and counts at once", () => {
    const first = decide(look(0, swapping(4), read), begin, plan);
    const grown = decide(look(100, swapping(6)), first.state, plan);
    assert.equal(grown.state.swapsReadAt, undefined);
    assert.ok(grown.next.needs.includes("swaps"));
    assert.equal(grown.state.trend?.headroom, gib(8 + 6));
  });

  it("is read at each look while swapoff empties a device, and not any more when it is gone", () => {
    const first = decide(look(0, swapping(4), read), begin, plan);
    const leaving = someMeminfo({ available: gib(7), swapTotal: gib(1), swapFree: kib(0) });
    const emptying = decide(look(100, leaving, read), first.state, plan);
    assert.equal(emptying.state.swapsReadAt, undefined);
    assert.equal(emptying.state.trend?.headroom, gib(7), "nothing of it is free");
    const gone = decide(look(200, swapping(0), { swaps: known(swapsOf(0)) }), emptying.state, plan);
    assert.equal(gone.state.swapsReadAt, 200);
  });
});

describe("the cache of ZFS", () => {
  const arc = { size: gib(3), minimum: gib(1), evictable: undefined };
  const failed = unavailable({ call: "read", errno: "EIO", subject: "arcstats", advice: "none" });
  const headroomAfter = (...readings: readonly Snapshot["arc"][]) => {
    let state = begin;
    for (const [index, reading] of readings.entries()) {
      const snapshot = look(index * 500, swapping(0), reading && { arc: reading });
      state = decide(snapshot, state, plan).state;
    }
    return state.trend?.headroom;
  };

  it("is remembered over a look that did not ask, and one that was not answered", () => {
    assert.equal(headroomAfter(known(arc)), gib(10));
    assert.equal(headroomAfter(known(arc), undefined), gib(10));
    assert.equal(headroomAfter(known(arc), failed), gib(10));
  });

  it("is forgotten when it is gone", () => {
    assert.equal(headroomAfter(known(arc), known(undefined)), gib(8));
  });
});
