import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, type KiB, kibToGiB } from "#domain/units.ts";
import { tidemark } from "#test/support/corpus/guards.ts";
import { knownFailures } from "#test/support/corpus/known-failures.ts";
import { play, readCorpus } from "#test/support/corpus/play.ts";
import { sentenceOf } from "#test/support/corpus/render.ts";

const corpus = readCorpus();

/** Most of an hour with a look every 50 ms: its golden and `npm run scenarios` play it. */
const tooLong = new Set(["slow-leak-no-swap"]);

async function judge(name: string, ram: KiB, settings: readonly string[] = []): Promise<readonly string[]> {
  const scenario = corpus.find((each) => each.name === name);
  assert.ok(scenario !== undefined, `there is no scenario ${name}`);
  const { disappointments } = await play(scenario, ram, tidemark(settings));
  return disappointments.map(sentenceOf);
}

/** The smallest machines, where every constant is tightest; `npm run scenarios` plays all sizes. */
const sizes = [gib(1)];

const disksThatTurn = new Set(["thrash-with-cache-left", "thrash-with-swap-left"]);

describe("the scenarios of the corpus", () => {
  for (const { name } of corpus.filter((each) => !knownFailures.has(each.name) && !tooLong.has(each.name))) {
    for (const ram of sizes) {
      it(`${name} ends as it has to on a machine of ${kibToGiB(ram)} GiB`, async () => {
        assert.deepEqual(await judge(name, ram), []);
      });
    }
  }

  for (const [name, why] of knownFailures) {
    it(`${name} is still known to fail: ${why}`, async () => {
      assert.notDeepEqual(await judge(name, gib(1)), []);
    });
  }

  it("are told for machines from 1 to 512 GiB, but for disks that turn, which no machine of 512 GiB has", () => {
    for (const { name, sizes: told } of corpus) {
      const largest = disksThatTurn.has(name) ? [] : [512];
      assert.deepEqual([...told].sort((a, b) => a - b).map(kibToGiB), [1, 4, 16, 64, ...largest], name);
    }
  });
});

/** What a scenario proves: without that, it fails. */
const proofs: readonly (readonly [scenario: string, without: string, settings: readonly string[]])[] = [
  ["thrash-with-cache-left", "without the detector of thrashing", ["thrash.enabled=false"]],
  ["thrash-with-swap-left", "without the detector of stalls", ["stall.enabled=false"]],
  ["old-stall-after-kill", "without both", ["stall.enabled=false", "thrash.enabled=false"]],
  ["database-larger-than-memory", "when a large page cache may thrash", ["thrash.cache_below=100%"]],
  ...["parallel-build", "swap-full-ram-free", "swapoff-under-way", "zfs-arc", "resume-from-suspend"].map(
    (name) =>
      [
        name,
        "when a stall counts with any memory available",
        ["stall.limit=10%", "stall.available_below=100%"],
      ] as const,
  ),
];

describe("a scenario earns its place", () => {
  for (const [scenario, without, settings] of proofs) {
    it(`${scenario} fails ${without}`, async () => {
      assert.notDeepEqual(await judge(scenario, gib(16), settings), []);
    });
  }
});
