import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";
import { runNode } from "#test/support/run-node.ts";

/** What the daemon is started with, as far as it is about the heap. */
const flags = [
  "--max-semi-space-size=1",
  "--v8-pool-size=0",
  "--single-threaded-gc",
  "--no-memory-reducer",
  "--expose-gc",
];

/** Allocates half a megabyte a second, until garbage was collected three times: V8 then gives back half of its nursery. */
const program = `
import { PerformanceObserver } from "node:perf_hooks";
import { readOwnMemory } from "${repositoryRoot}/dist/src/linux/own-memory.js";
const memory = readOwnMemory();
const refused = memory.lock();
console.log("locked", refused?.errno ?? memory.measure().locked > 0);
let scavenges = 0;
new PerformanceObserver((list) => {
  scavenges += list.getEntries().filter(({ detail }) => detail.kind === 1).length;
  if (scavenges < 3) return;
  console.log("collected");
  memory[Symbol.dispose]();
  process.exit(0);
}).observe({ entryTypes: ["gc"] });
let kept = [];
setInterval(() => {
  for (let i = 0; i < 100; i += 1) kept.push({ a: i, b: [i, i, i], c: "x" + i });
  if (kept.length > 2000) kept = kept.slice(1000);
}, 50);
`;

test("memory is locked, and the garbage of a program that allocates little is collected", {
  skip: process.platform !== "linux" && "needs a Linux kernel",
}, async () => {
  const { code, text } = await runNode(flags, program);
  match(text, /^locked (true|E\w+)$/m);
  match(text, /^collected$/m);
  equal(code, 0);
});
