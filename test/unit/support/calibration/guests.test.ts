import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kib, mib, microseconds, milliseconds, seconds } from "#domain/units.ts";
import { exceeds, tightened } from "#test/support/calibration/guests/bounds.ts";
import { compareGuests } from "#test/support/calibration/guests/compare-guests.ts";
import { condenseRecord } from "#test/support/calibration/guests/condense.ts";
import { figures } from "#test/support/calibration/guests/figures.ts";
import { type GuestRun, parseRun, printRun } from "#test/support/calibration/guests/guest-run.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";
import { readRecord } from "#test/vm/record.ts";

const sampleAt = (at: number, rest: Partial<MemorySample> = {}): MemorySample => ({
  at: milliseconds(at),
  available: mib(500),
  swapFree: mib(100),
  anon: mib(300),
  free: mib(400),
  files: mib(10),
  some: microseconds(0),
  full: microseconds(0),
  fileRefaults: kib(0),
  anonRefaults: kib(0),
  ...rest,
});

const run = (rest: Partial<GuestRun> = {}): GuestRun => ({
  kernel: "6.12.1",
  total: mib(968),
  samples: [sampleAt(0)],
  waits: [],
  kills: [],
  lasted: seconds(10),
  ...rest,
});

const figure = (name: string, of: GuestRun): number | undefined => figures.find((each) => each.name === name)?.of(of);

const falling = run({
  samples: [
    sampleAt(0),
    sampleAt(1000, { available: mib(300) }),
    sampleAt(2000, { available: mib(200), some: microseconds(500_000) }),
    sampleAt(4000, { available: mib(0), some: microseconds(1_500_000), fileRefaults: mib(20), swapFree: mib(20) }),
    sampleAt(6000, { available: mib(700), some: microseconds(1_500_000) }),
  ],
  waits: [{ at: milliseconds(3500), took: milliseconds(2000) }],
  kills: [{ at: milliseconds(4000), comm: "hog" }],
});

describe("a run of a guest", () => {
  it("is the same when it was written and read", () => {
    assert.deepEqual(parseRun(printRun(falling)), falling);
  });

  it("crossed a level on the line between two samples", () => {
    assert.equal(figure("available < 240 MiB", falling), 1600);
    assert.equal(figure("free swap < 50 %", falling), 3250);
    assert.equal(figure("free swap < 5 %", falling), undefined);
    assert.equal(figure("some stalls add up to 1 s", falling), 3000);
  });

  it("is told of until the kernel kills, from when memory was short", () => {
    assert.equal(figure("some stalls, of the time it was short", falling), 50);
    assert.equal(figure("refaults of files, a second while it was short", falling), 10);
    assert.equal(figure("longest wait at the machine", falling), 500);
    assert.equal(figure("waits, of the time it was short", falling), 25);
  });
});

describe("what is kept of a record", () => {
  const told = (...lines: readonly string[]) =>
    readRecord(lines.map((line) => `${line.replaceAll(" ", "\t")}\n`).join(""), "");
  const memory = (at: number) => `${at}.0 memory 2048 0 300 40 0 ${at} 9 9 100 0 20 640`;

  it("is its samples, spread over it evenly, with counters from its beginning", () => {
    const times = Array.from({ length: 1000 }, (_, index) => 1000 + index * 50);
    const { samples, total } = condenseRecord(
      "6.12.1",
      told("1000.0 zero 991336", ...times.map(memory), "51000.0 end"),
    );
    assert.equal(total, 991_336);
    assert.equal(samples.length, 100);
    assert.deepEqual([samples[0]?.some, samples[1]?.some], [0, 500]);
  });

  it("is nothing where somebody other than the kernel ended somebody, or the guest was not well", () => {
    const ended = told("1000.0 zero 991336", memory(1000), "1500.0 ended hog 7 15", "2000.0 end");
    assert.throws(() => condenseRecord("6.12.1", ended), /somebody other than the kernel ended hog/);
    assert.throws(() => condenseRecord("6.12.1", told("1000.0 zero 991336", memory(1000))), /the story has no end/);
    assert.throws(() => condenseRecord("6.12.1", told("1000.0 zero", "2000.0 end")), /how much memory/);
  });
});

describe("figures of two machines", () => {
  const killedAt = (at: number, comm = "hog"): GuestRun => run({ kills: [{ at: milliseconds(at), comm }] });
  const factors = (real: readonly GuestRun[], simulated: GuestRun): Readonly<Record<string, number>> =>
    Object.fromEntries(compareGuests(real, simulated).map(({ name, factor }) => [name, factor]));

  it("agree within what the real runs lie between, and are off by a factor from the nearest of them", () => {
    const real = [killedAt(4000), killedAt(5000)];
    assert.equal(factors(real, killedAt(4500))["the kernel kills"], 1);
    assert.equal(factors(real, killedAt(10_000))["the kernel kills"], 2);
    assert.equal(factors(real, killedAt(2000))["the kernel kills"], 2);
  });

  it("are off by all where only one of them ever comes to it, or another dies", () => {
    const missed = factors([killedAt(4000)], run());
    assert.equal(missed["the kernel kills"], Number.POSITIVE_INFINITY);
    assert.equal(missed["whom the kernel kills"], Number.POSITIVE_INFINITY);
    assert.equal(
      factors([killedAt(4000)], killedAt(4000, "editor"))["whom the kernel kills"],
      Number.POSITIVE_INFINITY,
    );
  });

  it("are left out where neither comes to it", () => {
    assert.equal(factors([run()], run())["the kernel kills"], undefined);
  });
});

describe("the bounds of the simulated machine", () => {
  const compared = (factor: number) => ({ name: "x", real: "", range: "", simulated: "", factor });

  it("are a tenth for what is not named", () => {
    assert.equal(exceeds(compared(1.1), {}), false);
    assert.equal(exceeds(compared(1.11), {}), true);
    assert.equal(exceeds(compared(Number.POSITIVE_INFINITY), { x: "never" }), false);
  });

  it("only ever become narrower", () => {
    assert.deepEqual(tightened([compared(1.5)], { x: 2 }), { x: 1.5 });
    assert.deepEqual(tightened([compared(3)], { x: 2 }), { x: 2 });
    assert.deepEqual(tightened([compared(1.05)], { x: 2 }), {});
    assert.deepEqual(tightened([compared(3)], {}), {});
    assert.deepEqual(tightened([compared(Number.POSITIVE_INFINITY)], undefined), { x: "never" });
  });
});
