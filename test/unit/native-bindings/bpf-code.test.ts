import assert from "node:assert/strict";
import { test } from "node:test";
import { writeBpf } from "#native-bindings/bpf-code.ts";

/** One instruction a line, as hexadecimal bytes. */
const lines = (code: Uint8Array): readonly string[] =>
  Array.from({ length: code.length / 8 }, (_, n) => Buffer.from(code.subarray(n * 8, n * 8 + 8)).toString("hex"));

test("a program is written as the kernel's own assembler writes it", () => {
  const code = writeBpf();
  code.copy("kept", "first");
  code.load("also", { base: "kept", offset: 8 }, 8);
  code.load("first", { base: "also", offset: 0x4f4 }, 4);
  code.load("second", { base: "also", offset: -2 }, 2);
  code.store({ base: "frame", offset: -24 }, "second", 4);
  code.add("first", "second");
  code.add("first", -24);
  code.and("first", 0x200000);
  code.shiftRight("first", 10);
  code.set("third", 24);
  code.call(127);
  assert.deepEqual(lines(code.finish()), [
    "bf16000000000000",
    "7967080000000000",
    "6171f40400000000",
    "6972feff00000000",
    "632ae8ff00000000",
    "0f21000000000000",
    "07010000e8ffffff",
    "5701000000002000",
    "770100000a000000",
    "b703000018000000",
    "850000007f000000",
    "b700000000000000",
    "9500000000000000",
  ]);
});

test("jumps lead to the end, where the answer is 0, or over what they leave out", () => {
  const code = writeBpf();
  code.endIfZero("first");
  code.unlessSame("first", "second", () => {
    code.set("third", 1);
    code.endUnlessZero("third");
  });
  code.endUnlessSame("first", "second");
  assert.deepEqual(lines(code.finish()), [
    "1501040000000000",
    "1d21020000000000",
    "b703000001000000",
    "5503010000000000",
    "5d21000000000000",
    "b700000000000000",
    "9500000000000000",
  ]);
});
