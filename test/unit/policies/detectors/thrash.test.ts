import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import type { Vmstat } from "#domain/vmstat.ts";
import { thrash } from "#policies/detectors/thrash.ts";
import { noReclaim, someMeminfo, somePressure } from "#test/support/a-snapshot.ts";
import { aSituation } from "./a-situation.ts";

const options = {
  enabled: true,
  limit: percent(5),
  line: "full",
  stall_limit: percent(30),
  window: seconds(3),
  cache_below: gib(4),
  slow_fault: milliseconds(2),
} as const;

interface Grown {
  /** In MiB. */
  readonly refaulted?: number;
  readonly reclaimed?: number;
  /** Milliseconds of the window of 3 s. */
  readonly full?: number;
  readonly some?: number;
  readonly cache?: number;
  /** Milliseconds in which all, or somebody, waited for disks, and the page faults they waited for. */
  readonly ioFull?: number;
  readonly ioSome?: number;
  readonly faults?: number;
}

const pagesPerMiB = 256;

function look(grown: Grown) {
  const { refaulted = 0, reclaimed = 0, full = 0, some = full, cache = 200 } = grown;
  const { ioFull = 0, ioSome = ioFull, faults = 0 } = grown;
  const growth = {
    refaulted: refaulted * pagesPerMiB,
    reclaimed: reclaimed * pagesPerMiB,
    reclaimedDirectly: 0,
    swappedIn: 0,
    full: full * 1000,
    some: some * 1000,
    ioFull: ioFull * 1000,
    ioSome: ioSome * 1000,
    majorFaults: faults,
  };
  const meminfo = someMeminfo({ available: gib(2), activeFile: mib(cache / 2), inactiveFile: mib(cache / 2) });
  return thrash.detect(aSituation({ meminfo, growth }), options);
}

const proves = (grown: Grown): boolean => look(grown)?.breached !== undefined;

describe("thrashing", () => {
  it("is page cache that comes and goes while nothing gets done, with any amount of memory available", () => {
    const sighting = look({ refaulted: 20, reclaimed: 18, full: 1200 });
    assert.equal(sighting?.breached, "min");
    assert.equal(sighting?.reason.kind === "thrashing" && sighting.reason.exchanged, 9);
  });

  it("is not a file that is copied: much is reclaimed, and nothing wanted back", () => {
    assert.ok(!proves({ reclaimed: 1500, full: 1200 }));
  });

  it("is not a machine that wakes up or starts: much is wanted back, and nothing has to go for it", () => {
    assert.ok(!proves({ refaulted: 1500, full: 2500 }));
  });

  it("is not a database that scans more than fits: nobody waits for memory", () => {
    assert.ok(!proves({ refaulted: 1500, reclaimed: 1500, full: 100, some: 300 }));
  });

  it("is not a stall alone", () => {
    assert.ok(!proves({ full: 3000 }));
  });

  it("is not a program that grows into swap: a little of much that is reclaimed is wanted back", () => {
    assert.ok(proves({ refaulted: 50, reclaimed: 100, full: 2500 }));
    assert.ok(!proves({ refaulted: 49, reclaimed: 100, full: 2500 }));
  });

  it("is programs that are read in again from a slow disk, though the kernel calls it no stall, and somebody grows", () => {
    const crawl = { refaulted: 18, reclaimed: 80, ioFull: 2700, faults: 290 };
    assert.ok(proves(crawl));
    // 2 ms a fault are slow.
    assert.ok(!proves({ ...crawl, faults: 1400 }));
    assert.ok(!proves({ ...crawl, ioFull: 800 }));
  });

  it("is not somebody who reads files that fit into no memory, however slow the disk is", () => {
    assert.ok(!proves({ refaulted: 40, reclaimed: 40, ioFull: 2900, faults: 79 }));
    assert.ok(proves({ refaulted: 40, reclaimed: 40, ioFull: 2900, faults: 80 }));
  });

  it("is not the exchange of a page cache that was left large", () => {
    assert.ok(proves({ refaulted: 400, reclaimed: 400, full: 1200, cache: 4000 }));
    assert.ok(!proves({ refaulted: 600, reclaimed: 600, full: 1200, cache: 5000 }));
  });

  it("takes a page cache that is nearly gone for one of a hundredth of RAM", () => {
    assert.ok(!proves({ refaulted: 5, reclaimed: 5, full: 1200, cache: 2 }));
    assert.ok(proves({ refaulted: 9, reclaimed: 9, full: 1200, cache: 2 }));
  });

  it("goes by the line of PSI it was told", () => {
    const nothing = { reclaimedDirectly: 0, swappedIn: 0, full: 0, ioFull: 0, ioSome: 0, majorFaults: 0 };
    const growth = { ...nothing, refaulted: 9000, reclaimed: 9000, some: 2_000_000 };
    const some = thrash.detect(aSituation({ growth }), { ...options, line: "some" });
    assert.equal(some?.breached, "min");
    assert.equal(thrash.detect(aSituation({ growth }), options)?.breached, undefined);
  });

  it("is looked for more often when both are half-way", () => {
    assert.equal(look({ refaulted: 6, reclaimed: 6, full: 500 })?.isNear, true);
    assert.equal(look({ refaulted: 6, reclaimed: 6, full: 300 })?.isNear, false);
  });

  it("needs vmstat and both kinds of pressure, and counts file and anonymous memory alike", () => {
    const exchanged = { stolenByKswapd: 10, stolenDirectly: 5, fileRefaults: 7, anonRefaults: 3 };
    const vmstat: Vmstat = { ...noReclaim, ...exchanged, pagesSwappedIn: 1, majorFaults: 4 };
    const pressure = somePressure({ some: 2, full: 1 });
    const ioPressure = somePressure({ some: 6, full: 5 });
    assert.deepEqual(thrash.watch?.({ vmstat, pressure, ioPressure }, options)?.counts, {
      refaulted: 10,
      reclaimed: 15,
      reclaimedDirectly: 5,
      swappedIn: 1,
      some: 2000,
      full: 1000,
      ioSome: 6000,
      ioFull: 5000,
      majorFaults: 4,
    });
    assert.equal(
      thrash.watch?.({ vmstat: { ...vmstat, anonRefaults: undefined }, pressure, ioPressure }, options)?.counts
        .refaulted,
      7,
    );
    assert.equal(thrash.watch?.({ vmstat, ioPressure }, options), undefined);
    assert.equal(thrash.watch?.({ vmstat, pressure }, options), undefined);
    assert.equal(thrash.watch?.({ pressure, ioPressure }, options), undefined);
    assert.equal(thrash.detect(aSituation(), options), undefined);
  });
});
