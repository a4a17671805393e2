import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { mib, oomScoreAdj, type Pid, uid } from "#domain/units.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { startHog } from "#test/support/start-hog.ts";
import { folder, records, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

/** The user called nobody, on every distribution. */
const nobody = uid(65_534);
const nameOfNobody = /^([^:]+):[^:]*:65534:/m.exec(readFileSync("/etc/passwd", "utf8"))?.[1];

/** What rules say of a process that was started by us: whether each matches it. */
function ask(pid: Pid, conditions: readonly string[]): Readonly<Record<string, unknown>> {
  const rules = conditions.map((condition) => `[[rule]]\nverdict = "avoid"\n${condition}\n`);
  const settings = written("asked.toml", ['preset = "none"\n', ...rules].join(""));
  const { stdout, stderr, status } = tidemark("explain", String(pid), "--json", "--config", settings);
  assert.equal(status, 0, stderr);
  const answers: readonly { matches: string }[] = Object(records(stdout)[0])["rules"];
  return Object.fromEntries(conditions.map((condition, at) => [condition, answers[at]?.matches]));
}

const expect = (yes: readonly string[], no: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...yes.map((each) => [each, "yes"]), ...no.map((each) => [each, "no"])]);

test("every condition on what a process is holds for a real one, or does not", { skip: lacksHogs }, async () => {
  const started = await startHog({ name: "rule-hog", uid: nobody, oomScoreAdj: oomScoreAdj(500), size: mib(64) });
  try {
    const ownName = readFileSync("/proc/self/comm", "utf8").trim();
    const yes = [
      'name = "rule-h*"',
      `exe = "*/${basename(process.execPath)}"`,
      "cmdline = '/^rule-hog *$/'",
      "uid = 65534",
      'uid = "60000..65534"',
      ...(nameOfNobody === undefined ? [] : [`user = "${nameOfNobody}"`]),
      `parent = "${ownName}"`,
      'age = "< 1min"',
      'oom_score_adj = "> 0"',
      "oom_score_adj = 500",
      'memory = "64MiB..300MiB"',
      'name = ["other", "rule-hog"]\nage = "< 1min"\nmemory = "> 1MiB"',
    ];
    const no = [
      'name = "rule-h"',
      'exe = "/usr/bin/cat"',
      "cmdline = '/hog.js/'",
      'uid = "< 65534"',
      'user = "root"',
      'parent = "init"',
      'age = "> 1min"',
      'oom_score_adj = "< 500"',
      'memory = "> 1GiB"',
      'name = "rule-hog"\nage = "> 1min"',
      'container = "*"',
    ];
    assert.deepEqual(ask(started.hog.pid, [...yes, ...no]), expect(yes, no));
  } finally {
    await started.end();
  }
});

test("every condition on where a process runs holds for a real one", { skip: lacksV1("memory") }, async () => {
  await using memcg = makeV1Cgroup("memory");
  const id = "5d1f".repeat(16);
  const places: readonly (readonly [name: string, yes: readonly string[], no: readonly string[]])[] = [
    [
      "app-gnome-org.example.Rule\\x2dtest-41.scope",
      ['app = "org.example.Rule-test"', 'unit = "app-gnome-*.scope"', `cgroup = "/*${basename(memcg.path)}/app-*"`],
      ['app = "org.example"', 'unit = "app-gnome-*.service"', 'container = "*"'],
    ],
    [`docker-${id}.scope`, ['container = "docker"', 'container = "5d1f5d1f*"'], ['container = "podman"', 'app = "*"']],
  ];
  const started = await startHog({ name: "rule-hog" });
  try {
    for (const [name, yes, no] of places) {
      mkdirSync(join(memcg.path, name));
      writeFileSync(join(memcg.path, name, "cgroup.procs"), String(started.hog.pid));
      assert.deepEqual(ask(started.hog.pid, [...yes, ...no]), expect(yes, no));
    }
  } finally {
    await started.end();
    for (const [name] of places) {
      await until("it is empty", () => {
        rmdirSync(join(memcg.path, name));
        return true;
      });
    }
  }
});

test("check tells of a user that is not there, and that the rule matches nobody", () => {
  const settings = written("user.toml", 'preset = "none"\n[[rule]]\nverdict = "never"\nuser = "no-such-user-here"\n');
  const { stdout, status } = tidemark("check", "--config", settings);
  assert.equal(status, 0);
  assert.match(stdout, /there is no user "no-such-user-here" here/);
  assert.match(stdout, /never +matches no process/);
});

/** A shell that leads a terminal of its own: somebody might sit there. It ends with its input, or by itself. */
const seatedShell =
  "import os, pty, signal; pid, _ = pty.fork(); pid or os.execl('/bin/sh', 'tidemark-seat', '-c', 'echo; read -r line');" +
  "signal.alarm(60); os.read(_, 1); print(pid, flush=True); os.read(0, 1)";

const seatLimits = { skip: lacksPrograms("python3"), timeout: 60_000 };

test("check and explain --rules tell of a rule that wants what the session guard spares", seatLimits, async () => {
  const seat = spawn("python3", ["-c", seatedShell], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    await once(seat.stdout, "data");
    const rule = 'preset = "none"\n[[rule]]\nverdict = "first"\ncmdline = "tidemark-seat*"\n';
    const spared = written("spared.toml", rule);
    const told = /has no say of all of them \(sh\): \[guard\] spares what the session is made of/;
    const [checked, explained] = [
      tidemark("check", "--config", spared),
      tidemark("explain", "--rules", "--config", spared),
    ];
    assert.match(checked.stdout, /^1 of 1 rules match what the session guard spares$/m);
    for (const { stdout, status } of [checked, explained]) {
      assert.equal(status, 0);
      assert.match(stdout, told);
    }
    const given = tidemark(
      "explain",
      "--rules",
      "--config",
      written("given.toml", `${rule}[guard]\nsession = false\n`),
    );
    assert.match(given.stdout, /matches 1 \(sh\)/);
    assert.doesNotMatch(given.stdout, /has no say/);
  } finally {
    const ended = once(seat, "exit");
    seat.stdin.end();
    await ended;
  }
});
