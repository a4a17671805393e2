import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { openBlock, type ReadBytes, sealBlock } from "#recorded/block.ts";
import { RecordingError } from "#recorded/recording-error.ts";

const from =
  (file: Uint8Array): ReadBytes =>
  (offset, length) =>
    file.subarray(offset, offset + length);

const concat = (...blocks: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(blocks));

function faultOf(file: Uint8Array): string {
  try {
    openBlock(from(file), 0);
    return "none";
  } catch (error) {
    return error instanceof RecordingError ? error.fault : String(error);
  }
}

describe("a block of a recording", () => {
  const text = `${"look 1\n".repeat(40)}näher\n`;
  const block = sealBlock(text);

  it("comes back as it was, and says where the next one begins", () => {
    const file = concat(block, sealBlock("second\n"));
    assert.deepEqual(openBlock(from(file), 0), { text, end: block.length });
    assert.deepEqual(openBlock(from(file), block.length), { text: "second\n", end: file.length });
    assert.equal(openBlock(from(file), file.length), undefined);
  });

  it("is a member of a gzip file: zcat shows a recording", () => {
    assert.equal(gunzipSync(concat(block, sealBlock("second\n"))).toString(), `${text}second\n`);
  });

  it("that ends too early is cut, wherever it ends", () => {
    for (let length = 1; length < block.length; length += 1) {
      assert.equal(faultOf(block.subarray(0, length)), "cut", `${length} bytes`);
    }
  });

  it("in which a byte is another is never taken for what was written", () => {
    for (let at = 0; at < block.length; at += 1) {
      const damaged = block.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
      // The time of a gzip header and the system it names mean nothing to us.
      if (faultOf(damaged) === "none") assert.equal(openBlock(from(damaged), 0)?.text, text);
      else assert.match(faultOf(damaged), /^(damaged|cut)$/);
    }
  });
});
