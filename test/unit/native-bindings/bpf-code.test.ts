import assert from "node:assert/strict";
import { test } from "node:test";
import { writeBpf } from "#native-bindings/bpf-code.ts";

/** One instruction a line, as hexadecimal bytes. */
const lines = (code: Uint8Array): readonly string[] =>
  Array.from({ length: code.length / 8 }, (_, n) => Buffer.from(code.subarray(n * 8, n * 8 + 8)).toString("hex"));

test("a program is written as the kernel's own assembler writes it", () => {
  const code = writeBpf();
  code.copy("r6", "r1");
  code.load("r7", { base: "r6", offset: 8 }, 8);
  code.load("r1", { base: "r7", offset: 0x4f4 }, 4);
  code.load("r2", { base: "r7", offset: -2 }, 2);
  code.store({ base: "r10", offset: -24 }, "r2", 4);
  code.add("r1", "r2");
  code.add("r1", -24);
  code.and("r1", 0x200000);
  code.shiftRight("r1", 10);
  code.set("r3", 24);
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
  code.endIfZero("r1");
  code.unlessSame("r1", "r2", () => {
    code.set("r3", 1);
    code.endUnlessZero("r3");
  });
  code.endUnlessSame("r1", "r2");
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
