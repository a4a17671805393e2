import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import type { SwapDevice } from "#domain/swaps.ts";
import { gib, kib, mib, milliseconds } from "#domain/units.ts";
import { availableMemory, heldMemory, measureHeadroom, userMemory } from "#engine/headroom.ts";
import { memoryBalance, stillOwed } from "#engine/owed-memory.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";

const device = (kind: SwapDevice["kind"], size: number, used: number): SwapDevice => ({
  path: `/dev/${kind}0`,
  kind,
  size: mib(size),
  used: mib(used),
  priority: 0,
});

describe("headroom", () => {
  const swapping = someMeminfo({ available: mib(1000), swapTotal: mib(3000), swapFree: mib(2400) });

  it("is what is available and the free swap on disk", () => {
    assert.equal(measureHeadroom(swapping, { devices: [device("partition", 3000, 600)] }), mib(3400));
  });

  it("takes free swap for swap on disk while nobody has said otherwise", () => {
    assert.equal(measureHeadroom(swapping, undefined), mib(3400));
  });

  it("counts two thirds of free zram, because filling it costs the third", () => {
    assert.equal(measureHeadroom(swapping, { devices: [device("zram", 3000, 600)] }), mib(1000 + 1600));
  });

  it("tells disk and zram apart when there are both", () => {
    const devices = [device("zram", 1200, 0), device("file", 1800, 600)];
    assert.equal(measureHeadroom(swapping, { devices }), mib(1000 + 800 + 1200));
  });

  it("never counts more zram than swap is free: swap can go between two reads", () => {
    const leaving = someMeminfo({ available: mib(1000), swapTotal: kib(0), swapFree: kib(0) });
    assert.equal(measureHeadroom(leaving, { devices: [device("zram", 3000, 0)] }), mib(1000));
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
    assert.equal(availableMemory(old), mib(370));
    assert.equal(userMemory(old), mib(370) + old.anon + mib(50));
  });
});

describe("memory that is owed", () => {
  const before = someMeminfo({ available: mib(500), total: gib(8), anon: gib(7) });
  const owed = { balance: memoryBalance(before, undefined), freed: gib(2), seen: mib(100), since: milliseconds(1000) };
  const missing = someMeminfo({ available: mib(500), total: gib(8), anon: gib(5) });
  const at = (t: number, meminfo: Meminfo) =>
    stillOwed(owed, { headroom: measureHeadroom(meminfo, undefined), held: heldMemory(meminfo) }, milliseconds(t));

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
