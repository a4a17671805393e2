import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { test } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { bytes } from "#domain/units.ts";
import { rssCounterOf } from "#linux/counted-rss.ts";
import { makeProcessTableReader } from "#linux/process-table.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { linkExe, makeTree, processFiles, type Tree } from "./tree.ts";

const init = processFiles({ pid: 1, comm: "systemd", anonKiB: 9000 });

const readerOf = (root: string, kernelRelease = "6.18.44") =>
  makeProcessTableReader({ root, countRss: rssCounterOf(kernelRelease, bytes(4096)), patient: undefined });

function readTable(tree: Tree) {
  const table = knownValue(readerOf(tree.root).read({ isPressing: false }));
  assert.ok(table !== undefined);
  return table;
}

const pidsOf = (tree: Tree) => readTable(tree).processes.map(({ identity }) => identity.pid);

test("a process is told with its memory, owner, traits and oom_score_adj, the eldest first", () => {
  using tree = makeTree({
    ...processFiles({ pid: 40, comm: "young", startTicks: 900, anonKiB: 100 }),
    ...processFiles({ pid: 50, comm: "old", startTicks: 100, anonKiB: 7000, adj: 300 }),
    ...init,
  });
  linkExe(tree, 50, "/usr/bin/old (deleted)");
  const { processes, isComplete } = readTable(tree);
  assert.deepEqual(
    processes.map(({ comm }) => comm),
    ["old", "systemd", "young"],
  );
  const [old] = processes;
  assert.deepEqual([old?.uid, old?.oomScoreAdj, old?.memory?.anon, old?.isDying], [1000, 300, 7000, false]);
  assert.deepEqual(old?.traits, { exe: "/usr/bin/old", cmdline: "/usr/bin/old --flag", cgroup: "/user.slice" });
  assert.equal(isComplete, true);
});

for (const missing of ["stat", "status", "oom_score_adj"]) {
  test(`a process that has gone when its ${missing} is read is left out, and the others are told`, () => {
    using tree = makeTree({
      ...init,
      ...processFiles({ pid: 7, anonKiB: 10 }),
      ...processFiles({ pid: 8, anonKiB: 10 }),
    });
    rmSync(`${tree.root}/proc/7/${missing}`);
    assert.deepEqual(pidsOf(tree), [1, 8]);
  });

  test(`a process that goes while its ${missing} is read is left out`, () => {
    using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
    tree.write(`proc/7/${missing}`, "");
    assert.deepEqual(pidsOf(tree), [1]);
  });
}

test("traits that cannot be had are unknown, and the process is told all the same", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
  for (const file of ["cgroup", "cmdline"]) rmSync(`${tree.root}/proc/7/${file}`);
  assert.deepEqual(readTable(tree).processes.at(-1)?.traits, { exe: undefined, cmdline: undefined, cgroup: undefined });
});

test("a table without init is only a part: hidepid hides the processes of others", () => {
  using tree = makeTree(processFiles({ pid: 77, anonKiB: 10 }));
  assert.equal(readTable(tree).isComplete, false);
});

const notRoot = process.geteuid?.() === 0 ? false : "needs root to become somebody else";

test("a process whose files are refused to us makes the table a part, and fails nothing", { skip: notRoot }, () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
  chmodSync(tree.root, 0o755);
  chmodSync(`${tree.root}/proc/1/stat`, 0o400);
  chmodSync(`${tree.root}/proc/7/cgroup`, 0o400);
  process.seteuid?.(65_534);
  try {
    const { processes, isComplete } = readTable(tree);
    assert.deepEqual([processes.length, processes[0]?.traits.cgroup, isComplete], [1, undefined, false]);
  } finally {
    process.seteuid?.(0);
  }
});

for (const [kernelRelease, counted] of [
  ["5.15.0-91-generic", 400],
  ["6.18.44", 400],
  ["6.19.1", 400],
  ["7.0.0-rc1", 7000],
  ["7.2.12", 7000],
  ["unknown", 400],
] as const) {
  test(`resident memory is counted as the OOM killer of ${kernelRelease} does`, () => {
    // 100 pages in stat, 7,000 KiB in status.
    using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 7000 }) });
    const memory = knownValue(readerOf(tree.root, kernelRelease).read({ isPressing: false }))?.processes.at(-1)?.memory;
    assert.deepEqual([memory?.rss, memory?.counted], [7000, counted]);
  });
}

test("a kernel thread is told by its stat alone", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 2, comm: "kthreadd", flags: 0x208040 }) });
  rmSync(`${tree.root}/proc/2/status`);
  const kernelThread = readTable(tree).processes.find(({ identity }) => identity.pid === 2);
  assert.deepEqual([kernelThread?.isKernelThread, kernelThread?.memory], [true, undefined]);
});

test("a leader that has exited holds the memory its other threads show", () => {
  const pid = 90;
  const thread = processFiles({ pid: 91, anonKiB: 32_000 });
  using tree = makeTree({
    ...init,
    ...processFiles({ pid, state: "Z", flags: 0x40800c, threads: 2 }),
    [`proc/${pid}/task/${pid}/stat`]: "",
    [`proc/${pid}/task/91/stat`]: thread["proc/91/stat"] ?? "",
    [`proc/${pid}/task/91/status`]: thread["proc/91/status"] ?? "",
  });
  const leader = readTable(tree).processes.find(({ identity }) => identity.pid === pid);
  assert.deepEqual([leader?.memory?.anon, leader?.isDying], [32_000, false]);
  // Counted from that thread's own stat: the leader's is of no mm.
  assert.equal(leader?.memory?.counted, 400);
});

test("a process whose every thread is exiting is dying", () => {
  const pid = 90;
  const thread = processFiles({ pid: 91, flags: 0x400004, anonKiB: 1000 });
  using tree = makeTree({
    ...init,
    ...processFiles({ pid, flags: 0x400004, threads: 2, anonKiB: 1000 }),
    [`proc/${pid}/task/91/stat`]: thread["proc/91/stat"] ?? "",
    [`proc/${pid}/task/91/status`]: thread["proc/91/status"] ?? "",
  });
  assert.equal(readTable(tree).processes.at(-1)?.isDying, true);
});

test("names that imitate the syntax around them, or are no text, are names", () => {
  using tree = makeTree({
    ...init,
    ...processFiles({ pid: 60, comm: "x) R 1 (y", anonKiB: 1 }),
    ...processFiles({ pid: 61, comm: "a\nb c", anonKiB: 1 }),
  });
  assert.deepEqual(
    readTable(tree).processes.map(({ comm }) => comm),
    ["systemd", "x) R 1 (y", "a\nb c"],
  );
});

test("when it presses, no command line is read, and one that is known already is told", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
  const reader = readerOf(tree.root);
  const cmdlineOf = (pid: number, isPressing: boolean) =>
    knownValue(reader.read({ isPressing }))?.processes.find(({ identity }) => identity.pid === pid)?.traits.cmdline;
  assert.equal(cmdlineOf(7, true), undefined);
  assert.equal(cmdlineOf(7, false), "/usr/bin/worker --flag");
  tree.write("proc/7/cmdline", "rewritten");
  assert.equal(cmdlineOf(7, true), "/usr/bin/worker --flag");
});

test("a process that executes another program is not taken for the one it was", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, comm: "sh", anonKiB: 10 }) });
  const reader = readerOf(tree.root);
  reader.read({ isPressing: false });
  for (const [path, content] of Object.entries(processFiles({ pid: 7, comm: "leak", anonKiB: 10 })))
    tree.write(path, content);
  assert.equal(knownValue(reader.read({ isPressing: true }))?.processes.at(-1)?.traits.cmdline, undefined);
  assert.equal(
    knownValue(reader.read({ isPressing: false }))?.processes.at(-1)?.traits.cmdline,
    "/usr/bin/leak --flag",
  );
});

test("a process that executes another program of the same name is known anew at the next calm look", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, comm: "python3", anonKiB: 10 }) });
  linkExe(tree, 7, "/usr/bin/python3");
  const reader = readerOf(tree.root);
  reader.read({ isPressing: false });
  tree.write("proc/7/cmdline", "python3\0leak.py\0");
  rmSync(`${tree.root}/proc/7/exe`);
  linkExe(tree, 7, "/home/user/python3");
  const { exe, cmdline } = knownValue(reader.read({ isPressing: false }))?.processes.at(-1)?.traits ?? {};
  assert.deepEqual([exe, cmdline], ["/home/user/python3", "python3 leak.py"]);
});

test("a command line without end is cut: a process can point it at any memory of its own", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
  tree.write("proc/7/cmdline", "x".repeat(4 * 1024 * 1024));
  assert.equal(readTable(tree).processes.at(-1)?.traits.cmdline?.length, 32_768);
});

/** Runs `sleep` from a directory whose path no call can return. */
const deepSleeper = `
import os, shutil, subprocess, sys, tempfile
root = tempfile.mkdtemp()
os.chdir(root)
for _ in range(25):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
shutil.copy(shutil.which("sleep"), "sleep")
child = subprocess.Popen(["./sleep", "60"])
print(child.pid, flush=True)
sys.stdin.read()
child.kill()
os.chdir("/")
shutil.rmtree(root)
`;

test("an executable whose path is too long to be told hides no process", {
  skip: lacksPrograms("python3"),
}, async () => {
  const python = spawn("python3", ["-c", deepSleeper], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(python.stdout, "data");
  const table = knownValue(readerOf("").read({ isPressing: false }));
  const found = table?.processes.find(({ identity }) => identity.pid === Number(String(line)));
  python.stdin.end();
  await once(python, "close");
  assert.deepEqual([found?.comm, found?.traits.exe], ["sleep", undefined]);
});

test("a process that moved to another cgroup is found there at the next calm look", () => {
  using tree = makeTree({ ...init, ...processFiles({ pid: 7, anonKiB: 10 }) });
  const reader = readerOf(tree.root);
  reader.read({ isPressing: false });
  tree.write("proc/7/cgroup", "0::/user.slice/app.scope\n");
  assert.equal(
    knownValue(reader.read({ isPressing: false }))?.processes.at(-1)?.traits.cgroup,
    "/user.slice/app.scope",
  );
});

test("a stat that makes no sense hides its own process only, and the table says so", () => {
  using tree = makeTree({ ...init, "proc/9/stat": "nine (worker) S\n" });
  const table = knownValue(readerOf(tree.root).read({ isPressing: false }));
  assert.deepEqual(
    table?.processes.map(({ identity }) => identity.pid),
    [1],
  );
  assert.equal(table?.isComplete, false);
  assert.deepEqual([table?.failure?.call, table?.failure?.subject], ["parse", "/proc/9"]);
});

test("a root without /proc makes the table unavailable, with the errno", () => {
  const reading = readerOf("/nonexistent").read({ isPressing: false });
  assert.equal(reading.kind === "unavailable" && reading.failure.errno, "ENOENT");
});

test("the live table holds ourselves and the processes ps shows", { skip: lacksPrograms("ps") }, async () => {
  const table = knownValue(readerOf("").read({ isPressing: false }));
  assert.equal(table?.self, process.pid);
  const ps = spawn("ps", ["-e", "-o", "pid="], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  ps.stdout.on("data", (chunk) => (text += chunk));
  await once(ps, "close");
  const shown = new Set(text.trim().split(/\s+/).map(Number));
  const ours = table?.processes.map(({ identity }) => identity.pid as number) ?? [];
  // Between the two lists processes come and go; init, kernel threads and our own family do not. Pids start again from the bottom.
  const lasting = Array.from(shown).filter((pid) => pid !== ps.pid && existsSync(`/proc/${pid}`));
  const missed = lasting.filter((pid) => !ours.includes(pid));
  assert.ok(missed.length <= lasting.length / 2, `missed ${missed.join(", ")}`);
  for (const pid of [1, process.ppid, process.pid]) assert.ok(lasting.includes(pid) && ours.includes(pid), `${pid}`);
});
