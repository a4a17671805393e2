import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { KillerHolds } from "#test/support/kill-worker.ts";

const worker = fileURLToPath(new URL("../support/kill-worker.js", import.meta.url));
const [every, rounds] = [100, 10];
/**
 * Without its compiler, whose code grows for some thousand kills (by 1 MiB), V8 keeps nothing: less than half a KiB for each kill. What
 * a single collection leaves differs by 0.4 MB, so the least of each half is compared.
 */
const heapSlack = (512 * every * rounds) / 2;
/**
 * Of whom it kills, the process table may hold what it reads again at the next look: more or less at each, so that the least of each half
 * is compared here as well. One that stayed open after each kill would be five hundred.
 */
const descriptorSlack = 8;

/** A pid namespace of its own, so that what others start is not counted. */
const apart = ["--pid", "--fork", "--mount-proc"];
const isApart = () => spawnSync("unshare", [...apart, "true"]).status === 0;
const live = { skip: isApart() ? false : "needs a pid namespace of its own", timeout: 300_000 };

test(
  "after a thousand kills a killer holds no more heap, descriptors or threads than after half of them",
  live,
  async (t) => {
    const node = [process.execPath, "--jitless", "--expose-gc", "--max-semi-space-size=1"];
    const child = spawn("unshare", [...apart, ...node, worker, String(every), String(rounds)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    assert.equal(code, 0);
    const held: readonly KillerHolds[] = JSON.parse(printed);
    for (const { kills, heapBytes, residentKib, descriptors, threads } of held)
      t.diagnostic(`${kills} kills: heap ${heapBytes} B, ${residentKib} KiB, ${descriptors} fds, ${threads} threads`);
    // Until then V8 still throws away what only the start ran.
    const [begun, last] = [held[rounds / 2], held.at(-1)];
    assert.ok(begun !== undefined && last?.kills === every * rounds);
    assert.equal(last.threads, begun.threads);
    const [first, second] = [held.slice(0, rounds / 2 + 1), held.slice(rounds / 2 + 1)];
    const leastOf = (half: readonly KillerHolds[], holds: (held: KillerHolds) => number): number =>
      Math.min(...half.map(holds));
    const grown = (holds: (held: KillerHolds) => number): number => leastOf(second, holds) - leastOf(first, holds);
    const heap = grown(({ heapBytes }) => heapBytes);
    assert.ok(heap < heapSlack, `heap grew by ${heap} bytes`);
    const more = grown(({ descriptors }) => descriptors);
    assert.ok(more <= descriptorSlack, `${more} descriptors more`);
  },
);
