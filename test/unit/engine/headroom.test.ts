import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import type { SwapDevice } from "#domain/swaps.ts";
import { gib, kib, mib, milliseconds } from "#domain/units.ts";
import { availableMemory, measureHeadroom, noReserves, ordinaryRam, userMemory } from "#engine/headroom.ts";
import { stillOwed } from "#engine/owed-memory.ts";
import { balanceOf, measureMachine } from "#engine/scope-memory.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";

const device = (kind: SwapDevice["kind"], size: number, used: number): SwapDevice => ({
  path: `/dev/${kind}0`,
  kind,
  size: mib(size),
  used: mib(used),
  priority: 0,
});

const headroomOf = (meminfo: Meminfo, devices: readonly SwapDevice[]) =>
  measureHeadroom(meminfo, { ...noReserves, swaps: { devices } });

describe("headroom", () => {
  const swapping = someMeminfo({ available: mib(1000), swapTotal: mib(3000), swapFree: mib(2400) });

  it("is what is available and the free swap on disk", () => {
    assert.equal(headroomOf(swapping, [device("partition", 3000, 600)]), mib(3400));
  });

  it("takes free swap for swap on disk while nobody has said otherwise", () => {
    assert.equal(measureHeadroom(swapping, noReserves), mib(3400));
  });

  it("counts two thirds of free zram, because filling it costs the third", () => {
    assert.equal(headroomOf(swapping, [device("zram", 3000, 600)]), mib(1000 + 1600));
  });

  it("tells disk and zram apart when there are both", () => {
    const devices = [device("zram", 1200, 0), device("file", 1800, 600)];
    assert.equal(headroomOf(swapping, devices), mib(1000 + 800 + 1200));
  });

  it("never counts more zram than swap is free: swap can go between two reads", () => {
    const leaving = someMeminfo({ available: mib(1000), swapTotal: kib(0), swapFree: kib(0) });
    assert.equal(headroomOf(leaving, [device("zram", 3000, 0)]), mib(1000));
  });
});

describe("the cache of ZFS", () => {
  const meminfo = someMeminfo({ available: gib(2) });
  const arc = { size: gib(6), minimum: gib(1), evictable: undefined };

  it("is available down to its minimum", () => {
    assert.equal(availableMemory(meminfo, { arc }), gib(7));
    assert.equal(measureHeadroom(meminfo, { ...noReserves, arc }), gib(7));
    assert.equal(availableMemory(meminfo, { arc: { ...arc, size: mib(500) } }), gib(2));
  });

  it("is no more than what nobody holds and nobody has changed", () => {
    assert.equal(availableMemory(meminfo, { arc: { ...arc, evictable: gib(3) } }), gib(5));
    assert.equal(availableMemory(meminfo, { arc: { ...arc, evictable: gib(6) } }), gib(7));
  });

  it("belongs to what shares are taken of", () => {
    assert.equal(userMemory(meminfo, { arc }), gib(7) + meminfo.anon);
  });

  it("never makes more available than there is RAM", () => {
    assert.equal(availableMemory(meminfo, { arc: { ...arc, size: gib(100) } }), meminfo.total);
  });
});

describe("pools of huge pages", () => {
  it("are neither headroom nor memory that shares are taken of", () => {
    const meminfo = someMeminfo({ available: gib(2), anon: gib(5), hugetlb: gib(8) });
    assert.equal(userMemory(meminfo, noReserves), gib(7));
    assert.equal(measureHeadroom(meminfo, noReserves), gib(2));
    assert.equal(ordinaryRam(meminfo), gib(8));
    assert.equal(ordinaryRam(someMeminfo({ available: gib(2) })), gib(16));
  });
});

describe("available memory without MemAvailable", () => {
  it("is free memory and page cache, without shared memory that only looks like page cache", () => {
    const old: Meminfo = {
      ...someMeminfo({ available: mib(1) }),
      available: undefined,
      free: mib(100),
      buffers: mib(20),
      cached: mib(300),
      shmem: mib(50),
    };
    assert.equal(availableMemory(old, noReserves), mib(370));
    assert.equal(userMemory(old, noReserves), mib(370) + old.anon + mib(50));
  });
});

describe("memory that is owed", () => {
  const before = someMeminfo({ available: mib(500), total: gib(8), anon: gib(7) });
  const owed = {
    balance: balanceOf(measureMachine(before, noReserves)),
    freed: gib(2),
    seen: mib(100),
    since: milliseconds(1000),
  };
  const missing = someMeminfo({ available: mib(500), total: gib(8), anon: gib(5) });
  const at = (t: number, meminfo: Meminfo) => stillOwed(owed, measureMachine(meminfo, noReserves), milliseconds(t));

  it("is what was freed and is neither held nor available", () => {
    assert.equal(at(1000, missing), gib(2));
  });

  it("is nothing when everything came back", () => {
    const back = someMeminfo({ available: mib(2548), total: gib(8), anon: gib(5) });
    assert.equal(at(1000, back), 0);
  });

  it("is nothing when somebody else took it: then it is held", () => {
    assert.equal(at(1000, someMeminfo({ available: mib(500), total: gib(8), anon: gib(7) })), 0);
  });

  it("is trusted less as what was seen when the kill ended is used up", () => {
    assert.equal(at(1000, { ...missing, available: mib(100) }), gib(2));
    assert.equal(at(1000, { ...missing, available: mib(50) }), gib(1));
    assert.equal(at(1000, { ...missing, available: mib(0) }), 0);
  });

  it("is never more than was freed, and falls to nothing in fifteen seconds", () => {
    const muchMissing = someMeminfo({ available: mib(100), total: gib(8), anon: gib(1) });
    assert.equal(at(1000, muchMissing), gib(2));
    assert.equal(at(8500, muchMissing), gib(1));
    assert.equal(at(16_000, muchMissing), 0);
  });
});
