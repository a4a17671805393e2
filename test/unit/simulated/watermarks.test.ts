import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytes, gib, type KiB, kib, mib } from "#domain/units.ts";
import { chosenMinFree, spreadFree, watermarksOf, zonesOf } from "#simulated/watermarks.ts";

const pageSize = bytes(4096);
const inPages = (amount: KiB): number => amount / 4;

/** A machine whose zoneinfo was read (Linux 6.18, x86-64): 8 GiB with min_free_kbytes 67584. */
const managed = [3840, 772_915, 1_277_952] as const;
const ram = kib((managed[0] + managed[1] + managed[2]) * 4);
const zones = zonesOf(ram, kib(67_584), pageSize);

describe("zones", () => {
  it("have the watermarks that a live kernel gave them, to the page", () => {
    const marks = zones.map(({ managed: size, min, low, high }) => [size, min, low, high].map(inPages));
    assert.deepEqual(marks, [
      [3840, 31, 38, 45],
      [772_915, 6355, 7943, 9531],
      [1_277_952, 10_508, 13_135, 15_762],
    ]);
  });

  it("keep back from higher requests what a live kernel keeps back, to the page", () => {
    assert.deepEqual(
      zones.map(({ protection }) => protection.map(inPages)),
      [
        [0, 3019, 8011, 8011, 8011],
        [0, 0, 4992, 4992, 4992],
        [0, 0, 0, 0, 0],
      ],
    );
  });

  it("lie a thousandth of their size apart where that is more than a quarter of min", () => {
    const [, , normal] = zonesOf(gib(64), mib(64), pageSize);
    assert.ok(normal);
    const step = Math.trunc(inPages(normal.managed) / 1000);
    assert.deepEqual(
      [normal.low - normal.min, normal.high - normal.low].map((gap) => gap / 4),
      [step, step],
    );
  });

  it("keep 22 MiB each for huge pages, but no more than a twentieth of RAM", () => {
    assert.equal(chosenMinFree(gib(16)), mib(66));
    assert.equal(chosenMinFree(mib(512)), Math.floor(mib(512) / 20));
    assert.equal(chosenMinFree(gib(512)), 92_681);
  });

  it("together meet an allocation at their marks and at what each of them keeps back", () => {
    const { min, low, high } = watermarksOf(zones);
    // DMA keeps all of itself back.
    assert.equal(inPages(min), 3840 + (6355 + 4992) + 10_508);
    assert.equal(inPages(low), 3840 + (7943 + 4992) + 13_135);
    assert.equal(inPages(high), 3840 + (9531 + 4992) + 15_762);
  });
});

describe("free memory", () => {
  const spread = (free: number) => spreadFree(zones, kib(free * 4)).map((part) => inPages(part));

  it("is taken from the highest zone first, down to its low mark", () => {
    assert.deepEqual(spread(3840 + 772_915 + 20_000), [3840, 772_915, 20_000]);
    assert.deepEqual(spread(3840 + 700_000 + 13_135), [3840, 700_000, 13_135]);
  });

  it("is then taken down to min, the highest zone first, and DMA gives nothing", () => {
    const lows = [3840, 7943 + 4992, 13_135] as const;
    assert.deepEqual(spread(lows[0] + lows[1] + lows[2]), lows);
    assert.deepEqual(spread(lows[0] + lows[1] + 12_000), [3840, lows[1], 12_000]);
    assert.deepEqual(spread(lows[0] + 12_000 + 10_508), [3840, 12_000, 10_508]);
  });

  it("is taken from the reserves last, and nothing of it is lost", () => {
    assert.deepEqual(spread(3840 + 6355 + 4992 + 5000), [3840, 6355 + 4992, 5000]);
    assert.deepEqual(spread(100), [100, 0, 0]);
    assert.deepEqual(spread(0), [0, 0, 0]);
  });
});
