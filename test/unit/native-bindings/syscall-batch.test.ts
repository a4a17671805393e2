import assert from "node:assert/strict";
import { test } from "node:test";
import { makeBell } from "#native-bindings/eventfd.ts";
import { pollAside } from "#native-bindings/poll.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { callLayout, makeSyscallBatch } from "#native-bindings/syscall-batch.ts";

test("a record has the layout of struct call { long number, argument[5], result; }", () => {
  // gcc and aarch64-linux-gnu-gcc: sizeof 56, offsetof argument 8, offsetof result 48.
  const bytes = BigInt64Array.BYTES_PER_ELEMENT;
  assert.equal(callLayout.words * bytes, 56);
  assert.equal(callLayout.number * bytes, 0);
  assert.equal(callLayout.firstArgument * bytes, 8);
  assert.equal(callLayout.result * bytes, 48);
});

test("calls run in their order and each result is its own", async () => {
  using batch = makeSyscallBatch();
  const running = batch.start([
    { name: "getpid", args: [] },
    { name: "pidfd_send_signal", args: [-1, 15, 0, 0] },
    { name: "kcmp", args: [ownPid(), ownPid(), 1, 0, 0] },
    { name: "pidfd_open", args: [0, 0] },
  ]);
  const results = await running.results;
  assert.deepEqual(results, [{ value: ownPid() }, { errno: 9 }, { value: 0 }, { errno: 22 }]);
  assert.equal(running.hasBegun(), true);
});

test("a batch has not begun while every thread of the pool is busy", async () => {
  using batch = makeSyscallBatch();
  using bell = makeBell();
  const poolThreads = 4;
  const busy = Array.from({ length: poolThreads }, () => pollAside([{ fd: bell.fd, until: "readable" }]));
  const running = batch.start([{ name: "getpid", args: [] }]);
  assert.equal(running.hasBegun(), false);
  bell.ring();
  await Promise.all([...busy, running.results]);
  assert.equal(running.hasBegun(), true);
});

test("an empty batch touches nothing and comes back", async () => {
  using batch = makeSyscallBatch();
  assert.deepEqual(await batch.start([]).results, []);
});

test("a batch under way survives that its owner is disposed of", async () => {
  const batch = makeSyscallBatch();
  const running = Array.from({ length: 20 }, () => batch.start([{ name: "getpid", args: [] }]));
  batch[Symbol.dispose]();
  batch[Symbol.dispose]();
  for (const { results } of running) assert.deepEqual(await results, [{ value: ownPid() }]);
});
