import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

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

test("what was reached is what the kernel shows, and what was not has a reason", async () => {
  const { text } = await runNode(
    [],
    `import { readFileSync, readdirSync } from "node:fs";
     import { protectSelf } from ${module};
     const report = protectSelf();
     const adj = Number(readFileSync("/proc/self/oom_score_adj", "utf8"));
     const nice = readdirSync("/proc/self/task").filter((id) =>
       readFileSync("/proc/self/task/" + id + "/stat", "utf8").split(") ").at(-1).split(" ")[16] === "-20").length;
     console.log(JSON.stringify({ report, adj, nice }));`,
  );
  const { report, adj, nice } = JSON.parse(text);
  assert.deepEqual([report.oomScoreAdj, report.hurriedThreads], [adj, nice]);
  assert.equal(report.oomScoreAdj === -1000, report.oomScoreAdjFailure === undefined);
});
