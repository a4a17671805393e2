import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { startSleepers } from "#test/support/bench/sleepers.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { folder, program, records, settings, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

test("run in a dry run looks once, says hello and goodbye, and ends with 0", () => {
  const { status, stdout, stderr } = tidemark("run", "--dry-run", "--once", "--json", "--config", settings);
  assert.deepEqual([status, stdout], [0, ""]);
  const events = records(stderr).map(({ event }) => event);
  assert.deepEqual([events[0], events.at(-1)], ["daemon.started", "daemon.stopped"]);
  assert.ok(events.includes("daemon.ready"));
});

test("run tells every look at debug, and none at info", () => {
  const args = ["run", "--dry-run", "--once", "--json", "--config", settings];
  const looksAt = (level: string) =>
    records(tidemark(...args, "--set", `journal.level=${level}`).stderr).filter(({ event }) => event === "look.taken");
  assert.equal(looksAt("info").length, 0);
  const [look] = looksAt("debug");
  assert.ok(Number(look?.["took_ms"]) > 0);
  assert.ok(Number(look?.["available_kib"]) > 0);
});

/** What a dry run of one look says of whom it would signal, who is called sleep; and it is still there. */
async function rehearseOnce(): Promise<void> {
  const sleeper = spawn("/bin/sleep", ["60"], { stdio: "ignore" });
  try {
    const only = written("only.toml", 'preset = "none"\n[[rule]]\nverdict = "only"\nname = "sleep"\n');
    const marks = ["--set", "headroom.min=1MiB", "--set", "headroom.low=1TiB", "--set", "headroom.high=2TiB"];
    const { status, stderr } = tidemark("run", "--dry-run", "--once", "--log-format=json", "--config", only, ...marks);
    assert.equal(status, 0, stderr);
    const rehearsed = records(stderr).find(({ event }) => event === "kill.rehearsed");
    assert.equal(rehearsed?.["comm"], "sleep");
    assert.equal(rehearsed?.["signal"], "SIGTERM");
    assert.ok(Array.isArray(rehearsed?.["ranking"]));
    assert.equal(sleeper.exitCode, null);
    assert.equal(sleeper.signalCode, null);
  } finally {
    sleeper.kill("SIGKILL");
    await once(sleeper, "exit");
  }
}

test("run in a dry run names whom it would signal, and the process is still there", rehearseOnce);

test("so it does among hundreds of processes, which a first look need not read", {
  skip: lacksPrograms("python3"),
}, async () => {
  await using _crowd = await startSleepers(600, AbortSignal.timeout(60_000));
  await rehearseOnce();
});

test("run ends with 0 and a goodbye when it is asked to stop", async () => {
  const args = [program, "run", "--dry-run", "--json", "--config", settings];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  for await (const chunk of child.stderr) {
    told += String(chunk);
    if (told.includes("daemon.ready") && !child.killed) child.kill("SIGINT");
  }
  if (child.exitCode === null) await once(child, "exit");
  assert.equal(child.exitCode, 0);
  assert.equal(records(told).at(-1)?.["event"], "daemon.stopped");
});

test("run refuses settings with 78", () => {
  const { status, stderr } = tidemark("run", "--dry-run", "--once", "--config", settings, "--set", "headroom.low=5");
  assert.equal(status, 78);
  assert.match(stderr, /a bare number says no unit/);
});

const isRoot = process.getuid?.() === 0;
const asRoot = { skip: isRoot ? false : "only root can become nobody" };

test("run by nobody in particular says what is missing and offers the dry run, with 77", asRoot, () => {
  const nobody = 65_534;
  const { status, stderr } = spawnSync(process.execPath, [program, "run"], {
    encoding: "utf8",
    uid: nobody,
    gid: nobody,
    cwd: "/",
  });
  assert.equal(status, 77, stderr);
  assert.match(stderr, /not allowed to signal the processes of other users/);
  assert.match(stderr, /tidemark run --dry-run/);
});
