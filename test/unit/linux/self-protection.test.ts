import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { parseMappings } from "#linux/own-mappings.ts";

/** Runs a program of Node's in a process of its own: what is locked and hurried there is gone with it. */
async function runNode(flags: readonly string[], program: string): Promise<{ code: unknown; text: string }> {
  const child = spawn(process.execPath, [...flags, "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  return { code, text };
}

const module = JSON.stringify(new URL("../../../src/linux/self-protection.js", import.meta.url).href);

test("a protected process survives collections that free code, and allocates on", async () => {
  const { code, text } = await runNode(
    ["--expose-gc"],
    `import { protectSelf } from ${module};
     protectSelf();
     const kept = [];
     for (let i = 0; i < 50; i++) {
       for (let j = 0; j < 50; j++) new Function("x", "return x + " + i * j)(1);
       kept.push(Array.from({ length: 1000 }, (_, k) => "text " + k * i));
       gc();
     }
     console.log(kept.length);`,
  );
  assert.deepEqual([code, text], [0, "50\n"]);
});

test("what was reached is what the kernel shows, and what was not has a reason", async () => {
  const { text } = await runNode(
    [],
    `import { readFileSync, readdirSync } from "node:fs";
     import { protectSelf } from ${module};
     const report = protectSelf();
     const locked = Number(/VmLck:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
     const adj = Number(readFileSync("/proc/self/oom_score_adj", "utf8"));
     const nice = readdirSync("/proc/self/task").filter((id) =>
       readFileSync("/proc/self/task/" + id + "/stat", "utf8").split(") ").at(-1).split(" ")[16] === "-20").length;
     console.log(JSON.stringify({ report, locked, adj, nice }));`,
  );
  const { report, locked, adj, nice } = JSON.parse(text);
  assert.deepEqual([report.locked, report.oomScoreAdj, report.hurriedThreads], [locked, adj, nice]);
  assert.equal(report.oomScoreAdj === -1000, report.oomScoreAdjFailure === undefined);
  assert.equal(report.locked > 0, report.lockFailure === undefined);
});

test("a mapping is told with its range and its name, and one without a name is anonymous", () => {
  const text = [
    "558fe0236000-558fe0238000 r--p 00000000 fe:00 260131                     /usr/bin/a b",
    "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ",
    "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]",
    "",
  ].join("\n");
  assert.deepEqual(parseMappings(text), [
    { range: { start: 0x558fe0236000n, size: 0x2000 }, name: "/usr/bin/a b" },
    { range: { start: 0x7f0000000000n, size: 0x1000 }, name: undefined },
    { range: { start: 0x7ffd00000000n, size: 0x21000 }, name: "[stack]" },
  ]);
});
