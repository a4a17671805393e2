import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { folder, program, records, settings, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const withPreload = (text: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, ["--require", written("preload.cjs", text), program, ...args], { encoding: "utf8" });

test("an error beside the loop ends the daemon with 70, told once, in the journal, with its stack", () => {
  const mishap = 'setTimeout(() => { throw new Error("a mishap in a timer"); }, 1500);\n';
  const { status, stdout, stderr } = withPreload(mishap, "run", "--dry-run", "--json", "--config", settings);
  assert.deepEqual([status, stdout], [70, ""]);
  const failed = records(stderr).filter(({ event }) => event === "daemon.failed");
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
