import assert from "node:assert/strict";
import { test } from "node:test";
import { runNode } from "#test/support/run-node.ts";

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
