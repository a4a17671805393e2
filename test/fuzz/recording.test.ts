import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { replayFile } from "#daemon/recording/replay-file.ts";
import { summarizeReplay } from "#daemon/views/replay-view.ts";
import { gib, mib, seconds } from "#domain/units.ts";
import { sealBlock } from "#recorded/block.ts";
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

const lines = gunzipSync(content).toString().trimEnd().split("\n");

/** The same JSON with another value at one place: the nth of all values it holds. */
function edit(json: unknown, at: { nth: number }, other: unknown): unknown {
  at.nth -= 1;
  if (at.nth < 0) return at.nth === -1 ? other : json;
  if (Array.isArray(json)) return json.map((each) => edit(each, at, other));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, edit(each, at, other)]));
}

const valuesIn = (json: unknown): number =>
  typeof json === "object" && json !== null ? Object.values(json).reduce((sum, each) => sum + valuesIn(each), 1) : 1;

const otherValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    [],
    [[]],
    {},
    "",
    "known",
    -1,
    0,
    1e300,
    -1e9,
    true,
    [null],
    { list: {} },
    { $: "set" },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** One value of one line is another: most lines are alike, so that the first ones, and those of acts, get their share. */
const edited = fc
  .oneof(fc.nat(3), fc.nat(lines.length - 1), fc.constantFrom(...actLines()))
  .chain((line) => fc.tuple(fc.constant(line), fc.nat(valuesIn(JSON.parse(lines[line] ?? "")) - 1), otherValue))
  .map(([line, nth, other]) =>
    lines.map((text, at) => (at === line ? JSON.stringify(edit(JSON.parse(text), { nth }, other)) : text)),
  );

function actLines(): readonly number[] {
  return lines.flatMap((text, at) => (text.startsWith('["act"') ? [at] : []));
}

describe(`a recording that was edited by hand, seed ${seed}`, () => {
  it("is replayed, or it is said what is wrong with it: whatever it holds, it is no mistake of ours", async () => {
    const path = folder.path();
    await fc.assert(
      fc.asyncProperty(edited, async (texts) => {
        writeFileSync(path, sealBlock(texts.map((text) => `${text}\n`).join("")));
        const replayed = await replayFile(path, { path: undefined, overrides: [] });
        if (replayed.kind === "refused") return assert.ok(replayed.text.length > 20, replayed.text);
        const { ending } = replayed.replay;
        if (ending.kind === "damaged") assert.match(ending.text, /^it was changed by somebody: .* \(byte \d+\)$/);
      }),
      { seed, numRuns: runs(200) },
    );
  });
});

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
