import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import type { StoredOnZram, SwapDevice } from "#domain/swaps.ts";
import { gib, type KiB, kib, kibToMiB, mib, percent } from "#domain/units.ts";
import { gainOnZram, isOutOfDate, worthOfFreeSwap } from "#engine/free-swap.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";

const zram = (wish: { size: KiB; used: KiB; stored?: StoredOnZram }): SwapDevice => ({
  path: "/dev/zram0",
  kind: "zram",
  priority: 100,
  ...wish,
});

const disk = (wish: { size: KiB; used: KiB }): SwapDevice => ({ path: "/swap", kind: "file", priority: -2, ...wish });

const inMiB = (amount: KiB): number => Math.round(kibToMiB(amount));

describe("free zram", () => {
  const half = { size: gib(4), used: gib(2) };

  it("gains two thirds of itself while it is empty, or tells nothing", () => {
    const empty = { original: kib(0), occupied: kib(0), limit: undefined };
    assert.equal(inMiB(gainOnZram(zram({ size: gib(3), used: kib(0), stored: empty }))), 2048);
    assert.equal(inMiB(gainOnZram(zram({ size: gib(3), used: kib(0) }))), 2048);
  });

  it("gains what it has gained so far, once it holds enough to tell", () => {
    const stored = { original: gib(2), occupied: gib(1), limit: undefined };
    const gain = gainOnZram(zram({ ...half, stored }));
    assert.ok(gain > gib(1) && gain < mib(1035), `${gain}`);
  });

  it("is not judged by the first few pages it got", () => {
    const stored = { original: mib(1), occupied: mib(1), limit: undefined };
    const gain = gainOnZram(zram({ size: gib(4), used: mib(1), stored }));
    assert.ok(gain > mib(2600), `${gain}`);
  });

  it("gains nothing where nothing compresses, whatever the allocator wastes", () => {
    const stored = { original: gib(2), occupied: gib(3), limit: undefined };
    assert.equal(gainOnZram(zram({ ...half, stored })), 0);
  });

  it("is worth only what still fits below mem_limit", () => {
    const full = { original: gib(2), occupied: gib(1), limit: gib(1) };
    assert.equal(gainOnZram(zram({ ...half, stored: full })), 0);
    const almost = { original: gib(2), occupied: gib(1), limit: mib(1024 + 100) };
    const gain = gainOnZram(zram({ ...half, stored: almost }));
    assert.ok(gain > mib(95) && gain < mib(110), `200 MiB fit, and half of it is gained: ${gain}`);
  });
});

describe("free swap", () => {
  const swapping = (more: Partial<Omit<Meminfo, "available">>): Meminfo =>
    someMeminfo({ available: gib(1), total: gib(16), ...more });
  const both = swapping({ swapTotal: gib(10), swapFree: gib(8) });

  it("is the sum of what each device is worth", () => {
    const devices = [zram({ size: gib(3), used: kib(0) }), zram({ size: gib(3), used: gib(2) })];
    const meminfo = swapping({ swapTotal: gib(10), swapFree: gib(8) });
    const more = disk({ size: gib(4), used: kib(0) });
    assert.equal(inMiB(worthOfFreeSwap(meminfo, { devices: [...devices, more] })), 2048 + 683 + 4096);
  });

  it("with zswap costs RAM until the pool is full", () => {
    const devices = [disk({ size: gib(10), used: gib(2) })];
    const small = { devices, zswap: { maxPool: percent(5) } };
    assert.equal(inMiB(worthOfFreeSwap(both, small)), 8192 - 819);
    const large = { devices, zswap: { maxPool: percent(50) } };
    assert.equal(inMiB(worthOfFreeSwap(both, large)), Math.round((8192 * 2) / 3));
  });

  it("with a pool of zswap that is full, or switched off, is what disk swap is", () => {
    const devices = [disk({ size: gib(10), used: gib(2) })];
    const full = { ...both, zswap: gib(4), zswapped: gib(8) };
    assert.equal(worthOfFreeSwap(full, { devices, zswap: { maxPool: percent(20) } }), gib(8));
    assert.equal(worthOfFreeSwap(full, { devices }), gib(8));
  });

  it("on a device that swapoff is emptying is none, though the list has it with free slots", () => {
    // 2 GiB stay, with 1 GiB used; of the 8 GiB that leave, 5 are still used: si_swapinfo() adds these to the total.
    const leaving = swapping({ swapTotal: gib(2 + 5), swapFree: gib(1) });
    const devices = [disk({ size: gib(2), used: gib(1) }), disk({ size: gib(8), used: gib(5) })];
    assert.equal(worthOfFreeSwap(leaving, { devices }), gib(1));
    assert.equal(isOutOfDate({ devices }, leaving), true);
  });

  it("that came after the list was read counts at once", () => {
    assert.equal(worthOfFreeSwap(both, { devices: [] }), gib(8));
    assert.equal(isOutOfDate({ devices: [] }, both), true);
    assert.equal(isOutOfDate({ devices: [disk({ size: gib(10), used: kib(0) })] }, both), false);
  });

  it("that went after the list was read counts no more", () => {
    const gone = swapping({ swapTotal: kib(0), swapFree: kib(0) });
    assert.equal(worthOfFreeSwap(gone, { devices: [zram({ size: gib(4), used: gib(1) })] }), 0);
  });
});
