import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { folder, program, records, settings, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

/** A preload for an error that comes up in a timer, once the daemon is asked for it. */
const mishap = 'process.on("SIGUSR2", () => setTimeout(() => { throw new Error("a mishap in a timer"); }, 0));\n';

test("an error beside the loop ends the daemon with 70, told once, in the journal, with its stack", async () => {
  const args = [
    "--require",
    written("preload.cjs", mishap),
    program,
    "run",
    "--dry-run",
    "--json",
    "--config",
    settings,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [printed, closed] = [text(child.stdout), once(child, "close")];
  let told = "";
  for await (const chunk of child.stderr) {
    if (!told.includes("daemon.ready") && (told + String(chunk)).includes("daemon.ready")) child.kill("SIGUSR2");
    told += String(chunk);
  }
  const [code] = await closed;
  assert.deepEqual([code, await printed], [70, ""]);
  const failed = records(told).filter(({ event }) => event === "daemon.failed");
  assert.equal(failed.length, 1);
  assert.match(String(failed[0]?.["why"]), /a mishap in a timer.*preload\.cjs/);
});

test("an answer that cannot be written is not told as given", () => {
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `exec "$0" "$1" status --config "$2" > /dev/full`, process.execPath, program, settings],
    { encoding: "utf8" },
  );
  assert.equal(status, 71, stderr);
  assert.match(stderr, /ENOSPC/);
});

test("explain takes whole decimal numbers only", () => {
  for (const operand of ["0x10", "1e3", "+5", "-5", "0", "1.0", "9".repeat(30)]) {
    assert.equal(tidemark("explain", operand, "--config", settings).status, 64, operand);
  }
});
