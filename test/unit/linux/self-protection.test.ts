import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
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

const lacksAutogroups = existsSync("/proc/self/autogroup") ? false : "needs CONFIG_SCHED_AUTOGROUP";

for (const { whose, detached, changed } of [
  { whose: "a session of its own", detached: true, changed: true },
  { whose: "the session of others", detached: false, changed: false },
]) {
  test(`who runs in ${whose} ${changed ? "hurries" : "does not touch"} it`, { skip: lacksAutogroups }, async () => {
    const program = `
      import { readFileSync } from "node:fs";
      import { hurrySession } from ${module};
      const nice = () => /nice (-?\\d+)/.exec(readFileSync("/proc/self/autogroup", "utf8"))?.[1];
      const before = nice();
      const wish = before === "7" ? 8 : 7;
      hurrySession(wish);
      process.stdout.write(JSON.stringify([nice() === before, nice() === String(wish)]));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      detached,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    await once(child, "close");
    assert.deepEqual(JSON.parse(text), [!changed, changed]);
  });
}
