import assert from "node:assert/strict";
import { test } from "node:test";
import { lacksCapability, lacksPrograms } from "#test/support/needs.ts";
import { runNode } from "#test/support/run-node.ts";

/** In KiB. */
const slack = 1024;

const module = JSON.stringify(new URL("../../../src/linux/own-memory.js", import.meta.url).href);

test("a process that is given back and locked survives collections that free code, and allocates on", async () => {
  const { code, text } = await runNode(
    ["--expose-gc"],
    `import { readOwnMemory } from ${module};
     const memory = readOwnMemory();
     memory.giveBack();
     memory.lock();
     const kept = [];
     for (let i = 0; i < 50; i++) {
       for (let j = 0; j < 50; j++) new Function("x", "return x + " + i * j)(1);
       kept.push(Array.from({ length: 1000 }, (_, k) => "text " + k * i));
       gc();
     }
     memory[Symbol.dispose]();
     console.log(kept.length);`,
  );
  assert.deepEqual([code, text], [0, "50\n"]);
});

test("pages of files are given back, and what is locked then is what the kernel shows", async () => {
  const { text } = await runNode(
    ["--expose-gc"],
    `import { readFileSync } from "node:fs";
     import { readOwnMemory } from ${module};
     const status = (name) => Number(new RegExp(name + ":\\\\s+(\\\\d+)").exec(readFileSync("/proc/self/status", "utf8"))[1]);
     const memory = readOwnMemory();
     const before = status("RssFile");
     const given = memory.giveBack();
     const after = status("RssFile");
     const failure = memory.lock();
     const vmLck = status("VmLck");
     const least = status("VmRSS");
     const { resident, locked } = memory.measure();
     const most = status("VmRSS");
     memory[Symbol.dispose]();
     console.log(JSON.stringify({ before, given, after, failure, vmLck, resident, locked, least, most }));`,
  );
  const { before, given, after, failure, vmLck, resident, locked, least, most } = JSON.parse(text);
  assert.ok(given > 0.5 * before && after < 0.5 * before, `${before} KiB, ${given} given back, ${after} left`);
  // Who may not lock all of it (RLIMIT_MEMLOCK) is told so, and keeps what was locked before.
  assert.ok(failure !== undefined || vmLck > 0);
  assert.equal(locked > 0, vmLck > 0, `${locked} KiB, and the kernel shows ${vmLck}`);
  assert.ok(locked < resident, `${locked} of ${resident}`);
  // Pages come back all the time, by measuring as well; and VmRSS is counted per processor, and added up now and then.
  assert.ok(resident > least - slack && resident < most + slack, `${resident} between ${least} and ${most}`);
});

/** What is locked by a process without CAP_IPC_LOCK, where only so much of its addresses may be. */
async function lockedBelow(limit: string): Promise<Record<string, unknown>> {
  const { text } = await runNode(
    ["--expose-gc"],
    `import { execFileSync } from "node:child_process";
     import { readFileSync } from "node:fs";
     import { readOwnMemory } from ${module};
     const kib = (name) => Number(new RegExp(name + ":\\\\s+(\\\\d+)").exec(readFileSync("/proc/self/status", "utf8"))[1]);
     const limit = (${limit}) * 1024;
     execFileSync("prlimit", ["--pid", String(process.pid), "--memlock=" + limit + ":" + limit]);
     const memory = readOwnMemory();
     const failure = memory.lock();
     const kept = Array.from({ length: 3_000_000 }, (_, n) => [n]);
     console.log(JSON.stringify({ ...failure, isSome: kib("VmLck") > 0 && kib("VmLck") < kib("VmSize") / 2, kept: kept.length }));`,
    ["setpriv", "--bounding-set", "-ipc_lock"],
  );
  return JSON.parse(text);
}

const limitable = lacksPrograms("setpriv", "prlimit") || lacksCapability("CAP_IPC_LOCK");
const raisable = limitable || lacksCapability("CAP_SYS_RESOURCE");

test("who may lock less than it has mapped locks what has a name, and is told what to raise", {
  skip: limitable,
}, async () => {
  const { call, errno, advice, isSome, kept } = await lockedBelow("4096");
  assert.deepEqual([call, errno, isSome, kept], ["mlockall", "ENOMEM", true, 3_000_000]);
  assert.match(String(advice), /LimitMEMLOCK/);
});

test("who may lock what it has, and little more, can still grow", { skip: raisable }, async () => {
  const { call, errno, advice, isSome, kept } = await lockedBelow(`kib("VmSize") + 64 * 1024`);
  assert.deepEqual([call, errno, isSome, kept], ["mmap", "EAGAIN", true, 3_000_000]);
  assert.match(String(advice), /LimitMEMLOCK/);
});
