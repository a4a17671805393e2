import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alarmSections } from "#config/alarm-sections.ts";
import { gib, type KiB, kibToGiB } from "#domain/units.ts";
import { tidemark } from "#test/support/corpus/guards.ts";
import { play, readCorpus } from "#test/support/corpus/play.ts";
import { sentenceOf } from "#test/support/corpus/render.ts";

const corpus = readCorpus();

/** Hours, the last of them with a look every 30 ms: its golden and `npm run scenarios` play it. */
const tooLong = new Set(["slow-leak-no-swap"]);

async function judge(name: string, ram: KiB, settings: readonly string[] = []): Promise<readonly string[]> {
  const scenario = corpus.find((each) => each.name === name);
  assert.ok(scenario !== undefined, `there is no scenario ${name}`);
  const { disappointments } = await play(scenario, ram, tidemark(settings));
  return disappointments.map(sentenceOf);
}

/** The smallest machines, where every constant is tightest; `npm run scenarios` plays all sizes. */
const sizes = [gib(1)];

/** Sizes in GiB at which a story does not end well yet; the story itself says why. */
const leftOut: ReadonlyMap<string, readonly number[]> = new Map([
  ["burst-of-requests", [512]],
  ["fork-bomb", [64, 512]],
  ["fork-bomb-of-orphans", [64, 512]],
  ["parallel-build-too-large", [1, 512]],
  ["shell-loop", [512]],
  ["short-jobs", [1]],
]);

describe("the scenarios of the corpus", () => {
  for (const { name, sizes: told } of corpus.filter((each) => !tooLong.has(each.name))) {
    for (const ram of sizes.filter((size) => told.includes(size))) {
      it(`${name} ends as it has to on a machine of ${kibToGiB(ram)} GiB`, async () => {
        assert.deepEqual(await judge(name, ram), []);
      });
    }
  }

  it("are told for machines from 1 to 512 GiB, but for those on which a storm is known to end badly", () => {
    for (const { name, sizes: told } of corpus) {
      const wanted = [1, 4, 16, 64, 512].filter((size) => !leftOut.get(name)?.includes(size));
      assert.deepEqual([...told].sort((a, b) => a - b).map(kibToGiB), wanted, name);
    }
  });
});

/** A scenario that fails without something, on a machine of so many GiB. */
interface Proof {
  readonly scenario: string;
  readonly gib: number;
  readonly without: readonly string[];
}

const alone = (alarm: string, ...detectors: readonly string[]): string =>
  `alarm.${alarm}.detectors=[${detectors.map((name) => `"${name}"`).join(", ")}]`;

/** For each detector a scenario that goes wrong without it. */
const detectorProofs: Readonly<Record<string, Proof>> = {
  // Its own fall is left out as well: that comes later, and would still stand in for it.
  headroom: {
    scenario: "leak-that-saves",
    gib: 16,
    without: [alone("scarce", "stall"), alone("exhausted", "kernel-zone")],
  },
  stall: { scenario: "thrash-with-swap-left", gib: 16, without: ["stall.enabled=false"] },
  thrash: { scenario: "thrash-with-cache-left", gib: 16, without: ["thrash.enabled=false"] },
  "kernel-zone": { scenario: "zfs-keeps-its-cache", gib: 16, without: ["kernel-zone.enabled=false"] },
  forecast: { scenario: "steep-fill-that-saves", gib: 64, without: ["forecast.enabled=false"] },
};

describe("a detector earns its place", () => {
  it("as far as an alarm goes by it: each has a scenario", () => {
    const used = new Set(Object.values(alarmSections).flatMap(({ settings }) => settings["detectors"]?.default ?? []));
    assert.deepEqual(Object.keys(detectorProofs).sort(), [...used].sort());
  });

  for (const [detector, { scenario, gib: size, without }] of Object.entries(detectorProofs)) {
    it(`${detector}: ${scenario} goes wrong without it on a machine of ${size} GiB, and well with it`, async () => {
      assert.notDeepEqual(await judge(scenario, gib(size), without), []);
      assert.deepEqual(await judge(scenario, gib(size)), []);
    });
  }
});

const marks = (low: number): readonly string[] => [
  `headroom.min=${low / 2}MiB`,
  `headroom.low=${low}MiB`,
  `headroom.high=${(low * 3) / 2}MiB`,
];

const careless = ["stall.limit=10%", "stall.available_below=100%", "stall.faults_slow=false"];

/** What else a scenario proves: it fails when something is otherwise than it ships. */
const otherwise: Readonly<Record<string, Proof>> = {
  "without stall and thrash": {
    scenario: "old-stall-after-kill",
    gib: 16,
    without: ["stall.enabled=false", "thrash.enabled=false"],
  },
  "when a large page cache may thrash": {
    scenario: "database-larger-than-memory",
    gib: 16,
    without: ["thrash.cache_below=100%"],
  },
  "with low at 70 MiB": { scenario: "fast-fill-that-exits", gib: 1, without: marks(70) },
  "with low at 120 MiB": { scenario: "browser-start", gib: 1, without: marks(120) },
  ...Object.fromEntries(
    ["parallel-build", "swap-full-ram-free", "swapoff-under-way", "zfs-arc", "resume-from-suspend"].map((scenario) => [
      `when a stall counts with any memory available, and any disk (${scenario})`,
      { scenario, gib: 16, without: careless },
    ]),
  ),
};

describe("a scenario earns its place", () => {
  for (const [when, { scenario, gib: size, without }] of Object.entries(otherwise)) {
    it(`${scenario} fails ${when}, on a machine of ${size} GiB`, async () => {
      assert.notDeepEqual(await judge(scenario, gib(size), without), []);
    });
  }
});
