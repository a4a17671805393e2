import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { lacksPrograms } from "#test/support/needs.ts";

const module = (path: string): string => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

const lacksAutogroups = existsSync("/proc/self/autogroup") ? false : "needs CONFIG_SCHED_AUTOGROUP";

/** Without CAP_SYS_ADMIN, which the kernel never keeps waiting, and which the unit takes away. */
const withoutAdmin = process.geteuid?.() === 0 ? ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"] : [];

test("a session that is refused because another was hurried a moment ago is hurried a moment later, and nothing is told", {
  skip: lacksAutogroups || lacksPrograms(...withoutAdmin.slice(0, 1)),
}, async () => {
  const program = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { keptJournal } from ${module("src/daemon/kept-journal.js")};
    import { protectDaemon } from ${module("src/daemon/protect.js")};
    const nice = () => /nice (-?\\d+)/.exec(readFileSync("/proc/self/autogroup", "utf8"))?.[1];
    const told = [];
    const journal = keptJournal({ keep: ({ sentence }) => told.push(sentence), now: () => 0, wallTime: () => 0 });
    let refused;
    for (const wish of ["3", "4"]) {
      try { writeFileSync("/proc/self/autogroup", wish); } catch (error) { refused = error.code; }
    }
    protectDaemon({ oom_score_adj: 0, nice: 7 }, journal);
    const atOnce = nice();
    const patience = performance.now() + 20_000;
    while (nice() !== "7" && performance.now() < patience) await new Promise((wake) => setTimeout(wake, 10));
    process.stdout.write(JSON.stringify({ refused, atOnce, later: nice(), told }));`;
  const [command = process.execPath, ...words] = [...withoutAdmin, process.execPath];
  const child = spawn(command, [...words, "--input-type=module", "-e", program], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  const { refused, atOnce, later, told } = JSON.parse(text);
  assert.deepEqual([refused, atOnce === "7", later, told], ["EAGAIN", false, "7", []]);
});
