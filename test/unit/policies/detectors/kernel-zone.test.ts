import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, pages } from "#domain/units.ts";
import type { KernelZone } from "#domain/zoneinfo.ts";
import { kernelZone } from "#policies/detectors/kernel-zone.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";
import { readFixture } from "#test/support/fixture.ts";
import { aSituation } from "./a-situation.ts";

/** Normal of a machine of 4 GiB whose DMA zone keeps itself back; sizes in pages. */
const someZone = (change: Partial<KernelZone> = {}): KernelZone => ({
  node: 0,
  name: "Normal",
  index: 2,
  free: pages(10_000),
  min: pages(10_000),
  low: pages(12_000),
  high: pages(14_000),
  present: pages(1_048_576),
  managed: pages(1_044_736),
  protection: [0, 0, 0, 0, 0].map(pages),
  activeAnon: pages(800_000),
  inactiveAnon: pages(100_000),
  activeFile: pages(0),
  inactiveFile: pages(0),
  freeCma: pages(0),
  freeHighatomic: undefined,
  nodeUnreclaimable: false,
  ...change,
});

const dma = someZone({
  name: "DMA",
  index: 0,
  free: pages(3840),
  min: pages(32),
  managed: pages(3840),
  activeAnon: pages(0),
  inactiveAnon: pages(0),
  protection: [0, 3018, 7882, 7882, 7882].map(pages),
});

const look = (zones: readonly KernelZone[], { ramGiB = 4, swapFree = mib(0), available = mib(0) } = {}) => {
  const meminfo = someMeminfo({ available, total: gib(ramGiB), swapTotal: swapFree, swapFree });
  return kernelZone.detect(aSituation({ meminfo, facts: { meminfo, zoneinfo: { zones } } }), { enabled: true });
};

describe("the kernel's own zones", () => {
  it("prove that all is over when none has more than min and nothing can be reclaimed", () => {
    const sighting = look([dma, someZone()]);
    assert.equal(sighting?.breached, "min");
    assert.deepEqual(sighting?.reason, {
      kind: "kernel-zone",
      node: 0,
      name: "Normal",
      free: mib(39.0625),
      needed: mib(39.0625),
      reclaimable: 0,
    });
  });

  it("prove nothing with one page more, free or reclaimable, as the kernel would try again", () => {
    assert.equal(look([dma, someZone({ free: pages(10_001) })])?.breached, undefined);
    assert.equal(look([dma, someZone({ inactiveFile: pages(1) })])?.breached, undefined);
  });

  it("count anonymous memory as reclaimable as long as a page of swap is free", () => {
    assert.equal(look([dma, someZone()], { swapFree: mib(1) })?.breached, undefined);
  });

  it("prove that all is over when every node was given up, whatever could be reclaimed there", () => {
    const hopeless = { inactiveFile: pages(5000), nodeUnreclaimable: true };
    assert.equal(look([{ ...dma, nodeUnreclaimable: true }, someZone(hopeless)])?.breached, "min");
    assert.equal(look([dma, someZone(hopeless)])?.breached, undefined);
  });

  it("prove it before that where the kernel has given up below low, which is where it begins to reclaim", () => {
    const givenUp = (free: number) =>
      look([
        { ...dma, nodeUnreclaimable: true },
        someZone({ free: pages(free), inactiveFile: pages(5000), nodeUnreclaimable: true }),
      ]);
    const sighting = givenUp(12_000);
    assert.equal(sighting?.breached, "min");
    assert.equal(sighting?.reason.kind === "kernel-zone" && sighting.reason.needed, mib(46.875));
    assert.equal(givenUp(12_001)?.breached, undefined);
  });

  it("keep a small zone back from whoever can use a larger one, and it proves nothing alone", () => {
    assert.equal(look([dma, someZone()])?.breached, "min");
    assert.equal(look([{ ...dma, free: pages(0) }, someZone({ free: pages(500_000) })])?.breached, undefined);
  });

  it("leave out what is reserved for atomic requests, where the kernel tells", () => {
    const almost = { free: pages(10_500) };
    assert.equal(look([dma, someZone(almost)])?.breached, undefined);
    assert.equal(look([dma, someZone({ ...almost, freeHighatomic: pages(500) })])?.breached, "min");
  });

  it("say nothing where they hold only a part of the machine", () => {
    assert.equal(look([dma, someZone()], { ramGiB: 24 }), undefined);
    assert.equal(look([]), undefined);
  });

  it("say nothing on the guest they were recorded on, whose zones hold 7.7 of its 23.5 GiB", () => {
    const { zones } = parseZoneinfo(readFixture("machines/debian12-6.18-x64-4k/proc/zoneinfo"));
    const starved = zones.map((zone) => ({ ...zone, free: pages(0), activeFile: pages(0), inactiveFile: pages(0) }));
    assert.equal(look(starved, { ramGiB: 23.5 }), undefined);
  });

  it("say nothing while they were not read", () => {
    assert.equal(kernelZone.detect(aSituation(), { enabled: true }), undefined);
  });

  it("are looked at more often when every program has to reclaim for itself", () => {
    const isNear = (change: Partial<KernelZone>) => look([dma, someZone(change)], { available: gib(3) })?.isNear;
    assert.equal(isNear({ inactiveFile: pages(9000) }), true);
    assert.equal(isNear({ free: pages(10_001) }), false);
  });

  it("are looked at more often when the kernel's lists are short, whatever else is thought to be available", () => {
    const seen = (free: number) => {
      const meminfo = someMeminfo({ available: mib(free), total: gib(4) });
      const plenty = [dma, someZone({ free: pages(100_000) })];
      return kernelZone.detect(
        aSituation({ meminfo, headroom: gib(3), facts: { meminfo, zoneinfo: { zones: plenty } } }),
        { enabled: true },
      )?.isNear;
    };
    assert.deepEqual([seen(100), seen(3000)], [true, false]);
  });
});
