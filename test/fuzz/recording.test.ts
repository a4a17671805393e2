import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { replayFile } from "#daemon/recording/replay-file.ts";
import { summarizeReplay } from "#daemon/views/replay-view.ts";
import { gib, mib, seconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { recordingFolder, tape } from "#test/support/a-recording.ts";
import { runs, seed } from "#test/support/seed.ts";

const folder = recordingFolder();
after(() => folder.remove());

const story = aMachine()
  .withRam(gib(1))
  .withProcess("leaky", { anon: mib(100), memory: [{ kind: "leak", perSecond: mib(150) }] })
  .lasting(seconds(12));

const whole = folder.path();
await tape(story, { path: whole });
const content = readFileSync(whole);
const asRecorded = await replayFile(whole, { path: undefined, overrides: [] });
assert.ok(asRecorded.kind === "replay");
const { looks } = asRecorded.replay;

/** A byte that is another, a piece that is missing, twice there, or somebody else's. */
const damage = fc.oneof(
  fc.tuple(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
    const damaged = Buffer.from(content);
    damaged[at] = (damaged[at] ?? 0) ^ bits;
    return damaged;
  }),
  fc
    .tuple(fc.nat(content.length), fc.nat(4000))
    .map(([at, length]) => Buffer.concat([content.subarray(0, at), content.subarray(at + length)])),
  fc
    .tuple(fc.nat(content.length), fc.nat(4000))
    .map(([at, length]) => Buffer.concat([content.subarray(0, at), content.subarray(Math.max(0, at - length))])),
  fc.tuple(fc.nat(content.length), fc.uint8Array({ maxLength: 200 })).map(([at, bytes]) => {
    return Buffer.concat([content.subarray(0, at), bytes, content.subarray(at)]);
  }),
  fc.nat(content.length).map((length) => content.subarray(0, length)),
);

describe(`a damaged recording, seed ${seed}`, () => {
  it("is replayed up to the damage, or refused in words; nothing that was not recorded is ever replayed", async () => {
    const path = folder.path();
    await fc.assert(
      fc.asyncProperty(damage, async (damaged) => {
        writeFileSync(path, damaged);
        const replayed = await replayFile(path, { path: undefined, overrides: [] });
        if (replayed.kind === "refused") return assert.match(replayed.text, /^Cannot replay ".*": it /);
        const { verdict, looks: read } = summarizeReplay(replayed.replay);
        assert.equal(verdict, "identical");
        assert.ok(read <= looks);
      }),
      { seed, numRuns: runs(150) },
    );
  });
});
