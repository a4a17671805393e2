import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib, milliseconds, percent, seconds } from "#domain/units.ts";
import { stall } from "#policies/detectors/stall.ts";
import { somePressure } from "#test/support/a-snapshot.ts";
import { aSituation } from "./a-situation.ts";

const options = {
  enabled: true,
  line: "full",
  limit: percent(50),
  window: seconds(1),
  available_below: mib(100),
  faults_slow: true,
  slow_fault: milliseconds(1.5),
} as const;

interface Grown {
  /** Milliseconds of the window of a second that were lost to memory. */
  readonly full: number;
  /** Milliseconds in which somebody waited for a disk, and the page faults that took one. */
  readonly ioSome?: number;
  readonly faults?: number;
  readonly available?: number;
}

function look({ full, ioSome = 0, faults = 0, available = 0 }: Grown, change: Partial<typeof options> = {}) {
  const growth = { some: 1_000_000, full: full * 1000, ioSome: ioSome * 1000, ioFull: 0, majorFaults: faults };
  return stall.detect(aSituation({ growth, available: mib(available) }), { ...options, ...change });
}

const proves = (grown: Grown): boolean => look(grown)?.breached !== undefined;

// The figures are those of Linux 6.12 in a virtual machine of 1 GiB, in the worst second of each story.
describe("a stall", () => {
  it("is a program that grows onto a slow disk: whoever sits there waits for each page 3 ms", () => {
    assert.ok(proves({ full: 690, ioSome: 790, faults: 255 }));
  });

  it("is a machine that does nothing but exchange memory with its swap disk", () => {
    assert.ok(proves({ full: 850, ioSome: 980, faults: 118 }));
  });

  it("is no program that grows into zram, where nobody waits for a disk", () => {
    assert.ok(!proves({ full: 860, ioSome: 5, faults: 3700 }));
  });

  it("is no program that grows onto an SSD, which brings what is wanted soon", () => {
    assert.ok(!proves({ full: 790, ioSome: 730, faults: 1200 }));
  });

  it("is no disk that has a hiccup, while little is wanted of it", () => {
    assert.ok(!proves({ full: 650, ioSome: 360, faults: 36 }));
  });

  it("is none while memory is available, whatever disks do", () => {
    assert.ok(proves({ full: 700, ioSome: 900, faults: 100, available: 99 }));
    assert.ok(!proves({ full: 700, ioSome: 900, faults: 100, available: 100 }));
  });

  it("is none while most of the work gets done", () => {
    assert.ok(!proves({ full: 490, ioSome: 990, faults: 100 }));
  });

  it("is none of a disk that is busy with what nobody's page faults wait for", () => {
    assert.ok(!proves({ full: 700, ioSome: 1000, faults: 0 }));
    assert.ok(!proves({ full: 700, ioSome: 390, faults: 10 }));
  });

  it("is looked for more often when it is half-way, however fast faults are", () => {
    assert.equal(look({ full: 250 })?.isNear, true);
    assert.equal(look({ full: 240 })?.isNear, false);
    assert.equal(look({ full: 250, available: 100 })?.isNear, false);
  });

  it("goes by itself where nobody wants to know of disks", () => {
    const alone = look({ full: 860 }, { faults_slow: false } as never);
    assert.equal(alone?.breached, "min");
    assert.equal(alone?.reason.kind === "stalled" && "faults" in alone.reason, false);
  });

  it("says how long faults took", () => {
    const sighting = look({ full: 690, ioSome: 750, faults: 250 });
    assert.deepEqual(sighting?.reason.kind === "stalled" && sighting.reason.faults, {
      share: 75,
      perFault: 3,
      slow: 1.5,
    });
  });

  it("goes on counting stalls while nobody reads what tells of disks", () => {
    const pressure = somePressure({ some: 2, full: 1 });
    const unread = { some: 2000, full: 1000, ioSome: undefined, ioFull: undefined, majorFaults: undefined };
    assert.deepEqual(stall.watch?.({ pressure }, options)?.counts, unread);
    assert.equal(stall.watch?.({}, options), undefined);
    assert.equal(stall.detect(aSituation(), options), undefined);
  });
});
