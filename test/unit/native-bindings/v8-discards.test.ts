import assert from "node:assert/strict";
import { test } from "node:test";
import koffi from "koffi";
import { libcAddress } from "#native-bindings/libc.ts";
import { canDiscardLocked } from "#native-bindings/madvise.ts";
import { lockOnFault, unlockAll } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { mapShared } from "#native-bindings/shared-memory.ts";
import { findV8, prepareDiscards } from "#native-bindings/v8-discards.ts";

const size = pageSize();
/** asm-generic/mman-common.h */
const [madvDontNeed, madvDontDump, unknownAdvice] = [4, 16, 999];

const prototype = koffi.proto("int", ["uintptr_t", "size_t", "int"]);
type Madvise = (start: bigint, size: number, advice: number) => number;

/** What a program calls that had madvise in its words, and the words it has now. */
function redirected(words: readonly bigint[]): { readonly madvise: Madvise; readonly words: readonly bigint[] } {
  using table = mapShared(size);
  const held = new BigUint64Array(table.buffer);
  held.set(words);
  assert.equal(prepareDiscards().redirect({ start: table.address, size }, true), true);
  const now = [...held.subarray(0, words.length)];
  return { madvise: koffi.decode(now[words.indexOf(libcAddress("madvise"))] ?? 0n, prototype), words: now };
}

test("where the address of madvise was, there is another, and nothing else is touched", () => {
  const madvise = libcAddress("madvise");
  const { words } = redirected([7n, madvise, madvise + 1n, madvise]);
  assert.deepEqual([words[0], words[2]], [7n, madvise + 1n]);
  assert.equal(words[1], words[3]);
  assert.notEqual(words[1], madvise);
});

test("memory without the address of madvise is left alone", () => {
  using table = mapShared(size);
  assert.equal(prepareDiscards().redirect({ start: table.address, size }, true), false);
});

test("what is called instead of madvise gives a locked page back, and hands on what else is asked", {
  skip: !canDiscardLocked() && "needs Linux 5.18",
}, () => {
  const { madvise } = redirected([libcAddress("madvise")]);
  using memory = mapShared(size);
  const page = new Uint8Array(memory.buffer);
  page[0] = 1;
  lockOnFault({ start: memory.address, size });
  assert.equal(madvise(memory.address, size, madvDontNeed), 0);
  assert.equal(page[0], 0);
  assert.equal(madvise(memory.address, size, madvDontDump), 0);
  assert.equal(madvise(memory.address, size, unknownAdvice), -1);
  unlockAll();
});

test("V8 is found where the machine code of this program lies", () => {
  assert.notEqual(findV8() ?? 0n, 0n);
});
