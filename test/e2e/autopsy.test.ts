import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fixturePath } from "#test/support/fixture.ts";
import { folder, program, records, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const memcgLog = fixturePath("oom-reports/002.log");
const longLog = fixturePath("oom-reports/019.log");
const piped = (input: string | Uint8Array, ...args: readonly string[]) =>
  spawnSync(process.execPath, [program, "autopsy", ...args], { input, encoding: "utf8", maxBuffer: 2 ** 26 });

describe("tidemark autopsy", () => {
  test("explains a file: what was asked for, who held the memory, who died, and what to do", () => {
    const { status, stdout, stderr } = tidemark("autopsy", memcgLog);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /The kernel killed 3902942 \(php-fpm\), which held 12\.2 GiB/);
    for (const title of ["ASKED FOR", "COULD NOT BE HAD", "HELD THE MEMORY", "WAS KILLED", "WHAT TO DO"]) {
      assert.match(stdout, new RegExp(title));
    }
    for (const line of stdout.split("\n")) assert.ok(Array.from(line).length <= 100, line);
  });

  test("reads the standard input, named or not, to the same answer", () => {
    const log = readFileSync(memcgLog);
    const { stdout } = tidemark("autopsy", memcgLog);
    assert.equal(piped(log).stdout, stdout);
    assert.equal(piped(log, "-").stdout, stdout);
  });

  test("gives a program one object per report and line, whole even through a pipe", () => {
    const log = readFileSync(longLog);
    const { status, stdout } = piped(Buffer.concat([log, log]), "--json");
    const found = records(stdout);
    assert.deepEqual([status, found.length], [0, 2]);
    const [first] = found;
    assert.deepEqual(
      [first?.["schema"], first?.["constraint"], first?.["complete"]],
      ["tidemark.autopsy/1", "none", true],
    );
    assert.equal(Array.isArray(first?.["tasks"]) && first["tasks"].length, 795);
    for (const key of ["kernel_release", "trigger", "victim", "judgement", "notes"])
      assert.ok(first && key in first, key);
  });

  test("says in words when there is no report, and ends with 1", () => {
    const quiet = written("quiet.log", "nothing happened\n");
    const { status, stdout } = tidemark("autopsy", quiet);
    assert.equal(status, 1);
    assert.match(stdout, /There is no report of the kernel's OOM killer in ".*quiet\.log"/);
    const asRecords = tidemark("autopsy", "--json", quiet);
    assert.deepEqual([asRecords.status, asRecords.stdout], [1, ""]);
    assert.match(asRecords.stderr, /There is no report/);
    assert.equal(piped("").status, 1);
  });

  test("ends with 71 for a file that is not there, or is none", () => {
    const { status, stdout, stderr } = tidemark("autopsy", `${folder}/missing.log`);
    assert.deepEqual([status, stdout], [71, ""]);
    assert.match(stderr, /Cannot open .*missing\.log: ENOENT/);
    assert.equal(tidemark("autopsy", folder).status, 71);
  });

  test("ends with 64 when it is asked for a file and the kernel's log", () => {
    assert.equal(tidemark("autopsy", "--kernel-log", memcgLog).status, 64);
  });

  test("reads what this kernel remembers, where it may", () => {
    const { status, stderr } = tidemark("autopsy", "--kernel-log", "--json");
    assert.ok(status === 0 || status === 1 || status === 77 || status === 71, `${status} ${stderr}`);
  });

  test("shows names that are hostile as text", () => {
    const log = readFileSync(memcgLog, "utf8").replaceAll("php-fpm", "a\u001b[2Jb");
    assert.ok(!piped(log).stdout.includes("\u001b"));
    assert.ok(!piped(log, "--json").stdout.includes("\u001b"));
  });

  test("ends quietly when nobody reads on", async () => {
    const child = spawn(process.execPath, [program, "autopsy", "--json"], { stdio: ["pipe", "pipe", "pipe"] });
    let complaints = "";
    child.stderr.on("data", (data) => {
      complaints += String(data);
    });
    child.stdin.on("error", () => undefined);
    child.stdout.once("data", () => child.stdout.destroy());
    const log = readFileSync(longLog);
    for (let n = 0; n < 20; n++) child.stdin.write(log);
    child.stdin.end();
    const [status] = await once(child, "exit");
    assert.deepEqual([status, complaints], [0, ""]);
  });

  test("stays flat over a log of 60 MB, and tells a report before the log ends", async () => {
    const child = spawn(process.execPath, [program, "autopsy", "--json"], { stdio: ["pipe", "pipe", "inherit"] });
    let told = 0;
    child.stdout.on("data", (data: Buffer) => {
      told += data.filter((byte) => byte === 0x0a).length;
    });
    const noise = Buffer.from(
      "Jan  5 10:00:00 host systemd[1]: Started something that is of no matter.\n".repeat(14_000),
    );
    const report = readFileSync(memcgLog);
    const write = async (piece: Buffer) => child.stdin.write(piece) || (await once(child.stdin, "drain"));
    for (let n = 0; n < 60; n++) {
      await write(noise);
      await write(report);
    }
    while (told < 50) await once(child.stdout, "data");
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    // Node with what this command loads has 52 MiB before the first byte, and V8's young generation is kept small.
    child.stdin.end();
    await once(child, "exit");
    assert.equal(told, 60);
    assert.ok(Number(peak?.[1]) < 100 * 1024, `${peak?.[1]} KiB resident`);
  });
});
