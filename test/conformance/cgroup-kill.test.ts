/* A cgroup of version 2 that dies at one stroke, on the kernel that runs this. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { cgroupPath, pid } from "#domain/units.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readStat } from "#linux/process-reader.ts";
import { makeWholeMemcg } from "#linux/whole-memcg.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { lacksV2, makeV2Cgroup, type V2Cgroup } from "#test/support/conformance/v2-cgroup.ts";

const live = { skip: lacksV2(), timeout: 30_000 };
const files = makeProcessFiles("");

/** Forks 200 a second, for ten seconds at the most: every one of them ends by the clock. */
const forker = `
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.alarm(10)
while True:
    if os.fork() == 0:
        signal.alarm(10)
        time.sleep(10)
    time.sleep(0.005)
`;

function start(cgroup: V2Cgroup, ...argv: readonly [string, ...string[]]): ChildProcess {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: "ignore" });
  cgroup.add(child.pid);
  return child;
}

function identityOf(child: ChildProcess) {
  const stat = readStat(files, pid(child.pid ?? 0));
  assert.ok(stat);
  return stat.identity;
}

test("who forks on and on dies with all that are born meanwhile, though one was decided upon", live, async () => {
  await using cgroup = makeV2Cgroup();
  const child = start(cgroup, "python3", "-c", forker);
  const exited = once(child, "exit");
  await until("it forks", () => cgroup.members().length >= 20);
  const held = [identityOf(child)];
  const whole = makeWholeMemcg(cgroup.path, { hierarchy: () => cgroup.hierarchy, files, held });
  assert.equal(whole.kill(), "killed");
  assert.deepEqual(await exited, [null, "SIGKILL"]);
  await until("nobody is left", () => cgroup.members().length === 0);
  assert.equal(cgroup.read("cgroup.freeze"), "0\n");
});

test("nobody dies where somebody is who came from elsewhere, and all run on", live, async () => {
  await using cgroup = makeV2Cgroup();
  const elder = start(cgroup, "sleep", "10");
  const younger = await startLater(cgroup, elder);
  const held = [identityOf(younger)];
  const whole = makeWholeMemcg(cgroup.path, { hierarchy: () => cgroup.hierarchy, files, held });
  assert.equal(whole.kill(), "refused");
  assert.deepEqual([elder.exitCode, elder.signalCode, younger.exitCode, younger.signalCode], [null, null, null, null]);
  assert.match(cgroup.read("cgroup.events"), /^frozen 0$/m);
});

test("nobody is frozen or dies where we are ourselves, and we run on", live, async () => {
  await using cgroup = makeV2Cgroup();
  const child = start(cgroup, "sleep", "10");
  // Were we frozen, nobody but somebody outside could wake us.
  const rescuer = spawn("/bin/sh", ["-c", 'sleep 5; echo 0 > "$0/cgroup.freeze"', cgroup.folder], { stdio: "ignore" });
  const before = cgroup.enter();
  try {
    const held = [identityOf(child)];
    const whole = makeWholeMemcg(cgroup.path, { hierarchy: () => cgroup.hierarchy, files, held });
    assert.equal(whole.kill(), "refused");
    assert.equal(rescuer.exitCode, null);
  } finally {
    before.leave();
    rescuer.kill();
  }
});

/** One that was started in a later tick. */
async function startLater(cgroup: V2Cgroup, elder: ChildProcess): Promise<ChildProcess> {
  const { startTicks } = identityOf(elder);
  for (;;) {
    const child = start(cgroup, "sleep", "10");
    if (identityOf(child).startTicks > startTicks) return child;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

test("a cgroup of version 1 cannot be killed as a whole", { skip: lacksV1("memory"), timeout: 30_000 }, async () => {
  await using cgroup = makeV1Cgroup("memory");
  const folder = { kind: "v1", path: cgroup.path, root: "" } as const;
  const hierarchy = () => ({ ...emptyHierarchy, folderOf: () => folder });
  assert.equal(makeWholeMemcg(cgroupPath("/any"), { hierarchy, files, held: [] }).kill(), "unsupported");
});

const emptyHierarchy = {
  top: cgroupPath("/"),
  pathOf: () => undefined,
  childrenOf: () => [],
  findOomGroup: () => undefined,
  markedMemcgs: () => [],
};
