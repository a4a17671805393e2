import assert from "node:assert/strict";
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { everything } from "#daemon/recording/start-recording.ts";
import { bytes, kib, kibToBytes, mib, milliseconds, seconds } from "#domain/units.ts";
import type { BackgroundWriter } from "#recorded/background-writer.ts";
import { openBlock, sealBlock } from "#recorded/block.ts";
import { lineEncoder } from "#recorded/line-codec.ts";
import { momentsOf } from "#recorded/moment.ts";
import { openRecording } from "#recorded/read-recording.ts";
import { RecordingError } from "#recorded/recording-error.ts";
import { createTape } from "#recorded/tape.ts";
import { tapeFormat } from "#recorded/tape-record.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { hardlyAnything, recordingFolder, tape } from "#test/support/a-recording.ts";

const folder = recordingFolder();
after(() => folder.remove());

const calm = aMachine().lasting(seconds(40));

async function taped(limit = kib(1024)): Promise<string> {
  const path = folder.path();
  await tape(calm, { path, limit });
  return path;
}

/** What can be read of a file, and how it ends. */
function readAll(path: string) {
  using recording = openRecording(path);
  const looks = [...momentsOf(recording)].length;
  return { looks, ending: recording.ending };
}

const faultOf = (path: string): string => {
  try {
    using _ = openRecording(path);
    return "none";
  } catch (error) {
    return error instanceof RecordingError ? error.fault : String(error);
  }
};

describe("a recording", () => {
  it("says that it was ended, and why", async () => {
    const { looks, ending } = readAll(await taped());
    assert.ok(looks >= 40, `${looks} looks`);
    assert.deepEqual(ending, { kind: "ended", why: "the story is over" });
  });

  it("cut anywhere behind its first block is read up to there, and called cut", async () => {
    const path = await taped();
    const whole = statSync(path).size;
    let before = readAll(path).looks;
    const content = readFileSync(path);
    const first = openBlock((offset, length) => content.subarray(offset, offset + length), 0)?.end ?? whole;
    assert.ok(whole - first > 300, "one block alone proves nothing");
    for (let size = whole - 1; size >= first; size -= 97) {
      truncateSync(path, size);
      const { looks, ending } = readAll(path);
      assert.equal(ending.kind, "cut", `${size} of ${whole} bytes`);
      assert.ok(looks <= before);
      before = looks;
    }
    truncateSync(path, 100);
    assert.equal(faultOf(path), "cut");
  });

  it("with a damaged block is read up to it, and says at which byte the damage is", async () => {
    const path = await taped();
    const content = readFileSync(path);
    const at = content.length - 300;
    content[at] = (content[at] ?? 0) ^ 0xff;
    writeFileSync(path, content);
    const { looks, ending } = readAll(path);
    assert.ok(looks > 0);
    assert.match(ending.kind === "damaged" ? ending.text : ending.kind, /not what was written \(byte \d+\)/);
  });

  it("is told from what is none: an empty file, a text, a gzip file of others, a later format", () => {
    const path = folder.path();
    for (const content of ["", "[headroom]\n", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])]) {
      writeFileSync(path, content);
      assert.equal(faultOf(path), "no-recording");
    }
    writeFileSync(path, sealBlock('["tidemark recording",{"format":2,"made":"otherwise"}]\n'));
    assert.equal(faultOf(path), "other-format");
  });

  it("that says what no tidemark writes is read up to there, and it is said what, and where", async () => {
    const path = await taped();
    const lines = gunzipSync(readFileSync(path)).toString().split("\n");
    const rewrite = (at: number, from: string | RegExp, to: string): void => {
      const changed = lines.map((line, index) => (index === at ? line.replace(from, to) : line));
      assert.notDeepEqual(changed, lines);
      writeFileSync(path, Buffer.concat(changed.map((line) => sealBlock(`${line}\n`))));
    };
    const look = lines.findIndex((line) => line.startsWith('["look"'));
    rewrite(look, /"takenAt"|\["look",\d+(\.\d+)?/, '["look","soon"');
    const { ending } = readAll(path);
    const said = /^it was changed by somebody: record\.snapshot\.takenAt is not a number of at least 0 \(byte \d+\)$/;
    assert.match(ending.kind === "damaged" ? ending.text : ending.kind, said);
    rewrite(0, /"pageSize":\d+/, '"pageSize":"4k"');
    assert.throws(() => readAll(path), /header\.capabilities\.pageSize is not a number of at least 0 \(byte 0\)/);
  });

  it("never becomes larger than it may, and says that this ended it", async () => {
    const path = await taped(hardlyAnything);
    assert.ok(statSync(path).size <= kibToBytes(hardlyAnything));
    const { looks, ending } = readAll(path);
    assert.ok(looks > 0 && looks < readAll(await taped()).looks, `${looks} looks`);
    assert.deepEqual(ending, { kind: "ended", why: "the file has reached its largest size" });
  });

  it("holds of a look only what is another than at the look before", () => {
    const machine = aMachine()
      .withProcess("somebody", { anon: mib(10) })
      .boot();
    const encoder = lineEncoder();
    const lines = [1, 2].map(() => encoder.record({ kind: "look", snapshot: machine.sense(everything) }));
    assert.ok((lines[0]?.length ?? 0) > 2000, `${lines[0]?.length}`);
    assert.ok((lines[1]?.length ?? 0) < 500, lines[1]);
  });

  it("is over when the disk takes nothing more, and takes no more looks", async () => {
    const writer: BackgroundWriter = {
      trouble: "the disk is full",
      write: () => false,
      close: () => Promise.resolve(),
    };
    const machine = aMachine().boot();
    const { capabilities } = machine;
    const header = {
      format: tapeFormat,
      version: "1",
      capabilities,
      startedAt: milliseconds(0),
      wallTime: 0,
      hasNames: true,
    };
    const full = createTape({ writer, header, limit: bytes(10_000) });
    full.append([{ kind: "settings", settings: {} }], milliseconds(1));
    assert.deepEqual([full.trouble, full.isFull], ["the disk is full", false]);
    full.append([{ kind: "look", snapshot: machine.sense({ needs: [], isPressing: true }) }], milliseconds(2));
    assert.equal(full.looks, 0);
    await full.close("over");
    assert.equal(full.bytes, 0);
    const patient: BackgroundWriter = { trouble: undefined, write: () => true, close: () => Promise.resolve() };
    const small = createTape({ writer: patient, header, limit: bytes(300) });
    small.append([{ kind: "settings", settings: {} }], milliseconds(1));
    assert.deepEqual([small.trouble, small.isFull], ["the file has reached its largest size", true]);
  });
});
