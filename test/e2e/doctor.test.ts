/* Faults are seeded in a mount namespace of their own, or by programs that only look like others. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { lacksNamespaces } from "#test/support/needs.ts";
import { folder, program, records, settings, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const skip = lacksNamespaces();

/** Where a shell has prepared what is seen. */
function doctorAfter(preparation: string, ...args: readonly string[]) {
  const shell = `${preparation} && exec "$0" "$@"`;
  const command = ["--mount", "sh", "-c", shell, process.execPath, program, "doctor", ...args, "--config", settings];
  return spawnSync("unshare", command, { encoding: "utf8" });
}

const found = (stdout: string, topic: string) => records(stdout).filter((record) => record["topic"] === topic);

test("the doctor answers on this machine, as text and as records, and both agree", () => {
  const [text, json] = [tidemark("doctor", "--config", settings), tidemark("doctor", "--json", "--config", settings)];
  const [verdict, ...diagnoses] = records(json.stdout);
  assert.equal(verdict?.["schema"], "tidemark.doctor/1");
  assert.equal(json.status, verdict?.["healthy"] === true ? 0 : 1, json.stderr);
  assert.equal(text.status, json.status, text.stderr);
  const words = text.stdout.replaceAll(/\s+/g, " ");
  for (const { finding } of diagnoses.filter(({ topic }) => topic !== "watermarks"))
    assert.ok(words.includes(String(finding)), `missing: ${finding}`);
});

test("a kernel without pressure is a fault, told with what to do, and exit 1", { skip }, () => {
  const empty = join(folder, "no-pressure");
  mkdirSync(empty);
  const { status, stdout } = doctorAfter(`mount --bind ${empty} /proc/pressure`);
  assert.equal(status, 1);
  assert.match(stdout, /fault: no pressure stall information/);
  assert.match(stdout, /to do: boot with psi=1/);
});

test("another killer is found by its name, with how it was started", { skip }, async () => {
  const lookalike = join(folder, "earlyoom");
  copyFileSync("/bin/sleep", lookalike);
  const killer = spawn(lookalike, ["60"], { stdio: "ignore" });
  try {
    await new Promise((resolve) => killer.once("spawn", resolve));
    const { status, stdout } = tidemark("doctor", "--json", "--config", settings);
    assert.equal(status, 1);
    const mine = found(stdout, "killers").filter(({ finding }) => String(finding).includes(`pid ${killer.pid} `));
    assert.equal(mine.length, 1);
    assert.match(String(mine[0]?.["finding"]), /earlyoom 60\)/);
  } finally {
    killer.kill("SIGKILL");
  }
});

test("a compositor's unit that dies as a whole is found by asking its service manager", { skip }, async () => {
  const asked = join(folder, "asked");
  const systemctl = written("systemctl", `#!/bin/sh\necho "$@" >> ${asked}\necho stop\n`);
  chmodSync(systemctl, 0o755);
  const compositor = join(folder, "sway");
  copyFileSync("/bin/sleep", compositor);
  const running = spawn(compositor, ["60"], { stdio: "ignore" });
  try {
    await new Promise((resolve) => running.once("spawn", resolve));
    const cgroup = written("cgroup", "0::/user.slice/user-7.slice/user@7.service/session.slice/sway.service\n");
    const prepared = `mount --bind ${cgroup} /proc/${running.pid}/cgroup && export PATH=${folder}:$PATH`;
    const { stdout } = doctorAfter(prepared, "--json");
    const [told] = found(stdout, "session");
    assert.match(String(told?.["finding"]), /^sway\.service of uid 7 holds sway, and has OOMPolicy=stop$/);
    const { stdout: calls } = spawnSync("cat", [asked], { encoding: "utf8" });
    assert.equal(calls, "--user --machine=7@.host show --property=OOMPolicy --value -- sway.service\n");
  } finally {
    running.kill("SIGKILL");
  }
});
