import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { daemonFlags } from "#daemon/become-daemon.ts";
import { lacksWholeLock } from "#test/support/held-memory.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { runNode } from "#test/support/run-node.ts";

const built = `${repositoryRoot}/dist`;

/** Locks its memory, lives on, and says at the end what of it the kernel could take away. */
const livingOn = (life: string): string => `
import { PerformanceObserver } from "node:perf_hooks";
import { readOwnMemory } from "${built}/src/linux/own-memory.js";
import { unlockedOf } from "${built}/test/support/held-memory.js";
const memory = readOwnMemory();
const refusal = memory.lock();
const { resident, locked } = memory.measure();
const end = () => {
  console.log(JSON.stringify({ refusal, resident, locked, unlocked: unlockedOf("self") }));
  memory[Symbol.dispose]();
};
${life}`;

const lives = {
  /** Half a megabyte a second: after each collection V8 then gives half of its nursery back. */
  "allocates little, until garbage was collected three times": `
let scavenges = 0;
let kept = [];
const timer = setInterval(() => {
  for (let i = 0; i < 100; i += 1) kept.push({ a: i, b: [i, i, i], c: "x" + i });
  if (kept.length > 2000) kept = kept.slice(1000);
}, 50);
const observer = new PerformanceObserver((list) => {
  scavenges += list.getEntries().filter(({ detail }) => detail.kind === 1).length;
  if (scavenges < 3) return;
  observer.disconnect();
  clearInterval(timer);
  end();
});
observer.observe({ entryTypes: ["gc"] });`,
  /** Pages of code are emptied then, which is compiled all the time. */
  "throws code and memory away, in 100 collections": `
for (let round = 0; round < 100; round += 1) {
  const functions = Array.from({ length: 50 }, (_, n) => new Function("x", "return x + " + round * n));
  for (const each of functions) for (let x = 0; x < 100; x += 1) each(x);
  const large = Array.from({ length: round % 3 === 0 ? 200_000 : 10 }, (_, n) => ({ n }));
  if (large.length > 10) gc();
  gc();
}
end();`,
  "takes memory that was not there when it was locked": `
const kept = [Buffer.alloc(2 ** 23, 1), Array.from({ length: 500_000 }, (_, n) => ({ n }))];
end();
if (kept.length !== 2) throw new Error("They are needed until here");`,
};

describe("a program that is locked as the daemon is", () => {
  for (const [what, life] of Object.entries(lives)) {
    it(`lives on and ends by itself, and holds nothing that could be taken away, when it ${what}`, {
      skip: process.platform !== "linux" && "needs a Linux kernel",
    }, async (t) => {
      const { code, text } = await runNode(daemonFlags, livingOn(life));
      assert.equal(code, 0, text);
      const { refusal, resident, locked, unlocked } = JSON.parse(text);
      const why = lacksWholeLock();
      if (why !== false) {
        t.diagnostic(`only some of its memory was locked: ${why}`);
        return;
      }
      assert.deepEqual([refusal, unlocked], [undefined, []]);
      assert.ok(locked <= resident && locked > resident - 64, `${locked} of ${resident} KiB`);
    });
  }
});
