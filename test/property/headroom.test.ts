import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Arc } from "#domain/arc.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { StoredOnZram, SwapDevice, Swaps } from "#domain/swaps.ts";
import { add, gib, type KiB, kib, least, lessened, percent, sum } from "#domain/units.ts";
import { gainOnZram } from "#engine/free-swap.ts";
import { measureHeadroom, type Reserves, totalMemory } from "#engine/headroom.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";
import { runs, seed } from "#test/support/seed.ts";

const settings = { seed, numRuns: runs(1000) };

const amount = (most: KiB = gib(64)): fc.Arbitrary<KiB> => fc.integer({ min: 0, max: most }).map(kib);
const orNone = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const stored: fc.Arbitrary<StoredOnZram> = fc.record({
  original: amount(),
  occupied: amount(),
  limit: orNone(amount()),
});

const device: fc.Arbitrary<SwapDevice> = fc
  .record({ size: amount(), used: amount(), kind: fc.constantFrom("zram", "file"), told: orNone(stored) })
  .map(({ size, used, kind, told }) => ({
    path: `/${kind}`,
    kind,
    size,
    used: least(used, size),
    priority: 0,
    ...(kind === "zram" && told && { stored: told }),
  }));

const swaps: fc.Arbitrary<Swaps> = fc
  .record({
    devices: fc.array(device, { maxLength: 4 }),
    maxPool: orNone(fc.integer({ min: 0, max: 100 }).map(percent)),
  })
  .map(({ devices, maxPool }) => ({ devices, ...(maxPool !== undefined && { zswap: { maxPool } }) }));

const arc: fc.Arbitrary<Arc> = fc.record({ size: amount(), minimum: amount(), evictable: orNone(amount()) });

interface Machine {
  readonly meminfo: Meminfo;
  readonly reserves: Reserves;
}

/** Any figures at all: the list of devices may be of another moment than meminfo. */
const machine: fc.Arbitrary<Machine> = fc
  .record({
    total: amount(),
    available: amount(),
    swapTotal: amount(),
    swapFree: amount(),
    zswap: amount(),
    zswapped: amount(),
    swaps: orNone(swaps),
    arc: orNone(arc),
  })
  .map(({ total, available, swapTotal, swapFree, zswap, zswapped, ...reserves }) => ({
    meminfo: someMeminfo({
      total,
      available: least(available, total),
      swapTotal,
      swapFree: least(swapFree, swapTotal),
      zswap,
      zswapped,
    }),
    reserves,
  }));

const headroomOf = ({ meminfo, reserves }: Machine): KiB => measureHeadroom(meminfo, reserves);

test(`headroom is a whole amount, and never above RAM and swap (seed ${seed})`, () => {
  fc.assert(
    fc.property(machine, (any) => {
      const headroom = headroomOf(any);
      assert.ok(Number.isSafeInteger(headroom) && headroom >= 0 && headroom <= totalMemory(any.meminfo));
    }),
    settings,
  );
});

test(`headroom never falls because more is available, free, or evictable (seed ${seed})`, () => {
  fc.assert(
    fc.property(machine, amount(gib(8)), (any, more) => {
      const { meminfo, reserves } = any;
      const before = headroomOf(any);
      const available = add(meminfo.available ?? kib(0), more);
      const swapFree = least(meminfo.swapTotal, add(meminfo.swapFree, more));
      assert.ok(measureHeadroom({ ...meminfo, available }, reserves) >= before, "available");
      assert.ok(measureHeadroom({ ...meminfo, swapFree }, reserves) >= before, "swapFree");
      if (reserves.arc === undefined) return;
      const { size, minimum, evictable } = reserves.arc;
      const grown = {
        size: add(size, more),
        minimum: lessened(minimum, more),
        evictable: evictable && add(evictable, more),
      };
      assert.ok(measureHeadroom(meminfo, { ...reserves, arc: { ...reserves.arc, ...grown } }) >= before, "arc");
    }),
    settings,
  );
});

test(`swap is never worth more than its free slots, and nothing of it less than nothing (seed ${seed})`, () => {
  fc.assert(
    fc.property(machine, ({ meminfo, reserves }) => {
      const without = { ...meminfo, swapFree: kib(0) };
      const worth = measureHeadroom(meminfo, reserves) - measureHeadroom(without, reserves);
      assert.ok(worth >= 0 && worth <= meminfo.swapFree + 1, `${worth}`);
    }),
    settings,
  );
});

test(`a zram gains no more than fits: its slots, and what is left below mem_limit (seed ${seed})`, () => {
  fc.assert(
    fc.property(device, stored, amount(gib(8)), (any, told, more) => {
      const gain = gainOnZram({ ...any, stored: told });
      const left = lessened(any.size, any.used);
      assert.ok(gain >= 0 && gain <= left);
      const full = { ...told, limit: told.occupied };
      assert.equal(gainOnZram({ ...any, stored: full }), 0);
      const limit = told.limit && add(told.limit, more);
      assert.ok(gainOnZram({ ...any, stored: { ...told, limit } }) >= gain, "a higher limit");
      assert.ok(
        gainOnZram({ ...any, stored: { ...told, occupied: add(told.occupied, more) } }) <= gain,
        "dearer pages",
      );
      assert.ok(gainOnZram({ ...any, size: sum([any.size, more]), stored: told }) >= gain, "a larger device");
    }),
    settings,
  );
});

test(`the more RAM zswap may take, the less disk swap is worth (seed ${seed})`, () => {
  fc.assert(
    fc.property(machine, fc.integer({ min: 0, max: 99 }), ({ meminfo, reserves }, share) => {
      const withPool = (maxPool: number) => {
        const devices = reserves.swaps?.devices ?? [];
        return measureHeadroom(meminfo, { ...reserves, swaps: { devices, zswap: { maxPool: percent(maxPool) } } });
      };
      assert.ok(withPool(share + 1) <= withPool(share));
    }),
    settings,
  );
});
