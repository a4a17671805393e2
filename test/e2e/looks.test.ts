/* An hour of looks, one right after the other: what they leave behind would be seen by then. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { LookerHolds } from "#test/support/looks-worker.ts";

const worker = fileURLToPath(new URL("../support/looks-worker.js", import.meta.url));
/** At a look every 100 ms, an hour has 36,000. */
const [every, rounds] = [1000, 35];
/** Until then hot code is still compiled, again and again. */
const settledAfter = 12;
/** Two and a half bytes a look. */
const heapSlack = 64 * 1024;

test("after 36,000 looks the heap is as large as after 12,000", { timeout: 300_000 }, async (t) => {
  const node = ["--expose-gc", "--max-semi-space-size=1", "--v8-pool-size=0", "--single-threaded-gc", "--no-lazy"];
  const child = spawn(process.execPath, [...node, worker, String(every), String(rounds)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  assert.equal(code, 0);
  const held: readonly LookerHolds[] = JSON.parse(printed);
  for (const { looks, heapBytes } of held) t.diagnostic(`${looks} looks: heap ${heapBytes} B`);
  const [begun, last] = [held[settledAfter - 1], held.at(-1)];
  assert.ok(begun !== undefined && last?.looks === 36_000);
  assert.ok(last.heapBytes - begun.heapBytes < heapSlack, `the heap grew by ${last.heapBytes - begun.heapBytes} bytes`);
});
