import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { lacksKernelThreads } from "#test/support/kernel-threads.ts";
import { startHog } from "#test/support/start-hog.ts";
import { folder, program, records, settings, tidemark, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

/** Two stories: one in which tidemark is in time, and one in which it may not touch the culprit. */
const story = (title: string) => `
title = "${title}"
duration = "20s"
ram = "1GiB"

[[process]]
name = "editor"
cgroup = "/user.slice"
exe = "/usr/bin/editor"
anon = "100MiB"

[[process]]
name = "leak"
cgroup = "/user.slice"
exe = "/usr/bin/leak"
starts_at = "1s"
ignores_sigterm = true
memory = [{ kind = "leak", per_second = "200MiB" }]
`;

test("help of the program and of every command is an answer with examples", () => {
  const { status, stdout } = tidemark("--help");
  assert.equal(status, 0);
  for (const command of ["run", "check", "status", "explain", "simulate", "record", "replay"]) {
    assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
    const help = tidemark(command, "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, new RegExp(`Examples:\\n  tidemark ${command}`));
  }
});

test("a command line that makes no sense ends with 64, on stderr, with what was meant", () => {
  const { status, stdout, stderr } = tidemark("explain", "--tpo", "3");
  assert.deepEqual([status, stdout], [64, ""]);
  assert.match(stderr, /There is no option "--tpo" here; do you mean "--top"\?/);
  assert.equal(tidemark("explain", "init").status, 64);
});

test("status compares this machine with its watermarks", () => {
  const { status, stdout, stderr } = tidemark("status", "--config", settings);
  assert.deepEqual([status, stderr], [0, ""]);
  for (const name of ["headroom", "available", "free swap", "pressure", "high", "low", "min", "stall", "next"]) {
    assert.match(stdout, new RegExp(`^  ${name} +\\S`, "m"));
  }
  for (const line of stdout.split("\n")) assert.ok(Array.from(line).length <= 100, line);
});

test("status knows what tidemark would do if low were above what is there, and does nothing of it", () => {
  const args = ["status", "--json", "--config", settings, "--set", "headroom.low=70%", "--set", "headroom.high=75%"];
  const [plenty] = records(tidemark("status", "--json", "--config", settings).stdout);
  const [view] = records(tidemark(...args, "--set", "headroom.min=1%").stdout);
  assert.equal(plenty?.["answer"], "nothing");
  const isScarce = Number(view?.["headroom_kib"]) < Number(view?.["low_kib"]);
  assert.equal(view?.["answer"], isScarce ? "SIGTERM" : "nothing");
});

test("explain ranks what runs now, and the score of each is the sum of its terms", async () => {
  // On a bare machine nobody else may be eligible.
  const { end } = await startHog();
  try {
    const { status, stdout } = tidemark("explain", "--json", "--top", "5", "--config", settings);
    assert.equal(status, 0);
    const [summary, ...ranking] = records(stdout);
    assert.equal(summary?.["schema"], "tidemark.explain/1");
    assert.ok(ranking.length > 0 && ranking.length <= 5);
    for (const [at, each] of ranking.entries()) {
      assert.equal(each["place"], at + 1);
      const terms = Object.values(Object(each["terms_kib"])).map(Number);
      assert.equal(
        terms.reduce((total, term) => total + term, 0),
        each["badness_kib"],
      );
    }
  } finally {
    await end();
  }
});

test("explain says why a process is out of the question", () => {
  assert.match(tidemark("explain", "1", "--config", settings).stdout, /^1 \(.*\) is not eligible: init$/m);
  const parent = tidemark("explain", String(process.pid), "--config", settings);
  assert.match(parent.stdout, new RegExp(`^${process.pid} \\(.*\\) is not eligible: parent of tidemark$`, "m"));
});

test("explain says nothing of a kernel thread that it has not read", { skip: lacksKernelThreads }, () => {
  const { stdout } = tidemark("explain", "2");
  assert.match(stdout, /^2 \(kthreadd\) is not eligible: thread of the kernel$/m);
  assert.doesNotMatch(stdout, /not ours to read|might match/);
});

test("explain shows every process whole, however hostile its name is", async () => {
  const text = `require("fs").writeFileSync("/proc/self/comm", "\\x1b\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\x0e\\x0f\\x10\\x11\\x12\\x13"); console.log(1); setInterval(() => {}, 1e6);`;
  const hostile = spawn(process.execPath, ["-e", text], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await once(hostile.stdout, "data");
    const { stdout } = tidemark("explain", "--top", "9999", "--config", settings);
    const row = new RegExp(`^ *\\d+ +${hostile.pid} .*$`, "m").exec(stdout)?.[0];
    assert.match(row ?? "", /\\x1b\\x01\\x02\\x03\\x0… {2}.* anon [\d.]+ [KMG]iB/);
    for (const line of stdout.split("\n")) assert.ok(Array.from(line).length <= 100, line);
  } finally {
    hostile.kill("SIGKILL");
    await once(hostile, "exit");
  }
});

test("explain says no to a process that does not exist", () => {
  const { status, stderr } = tidemark("explain", "4194305", "--config", settings);
  assert.equal(status, 1);
  assert.match(stderr, /There is no process 4194305/);
});

test("explain tells which rules speak of a process", async () => {
  const sleeper = spawn("/bin/sleep", ["60"], { stdio: "ignore" });
  try {
    const rules = written(
      "rules.toml",
      'preset = "none"\n[[rule]]\nverdict = "never"\nname = "sleep"\n[[rule]]\nverdict = "prefer"\nname = "nobody-has-this"\n',
    );
    const { stdout, stderr, status } = tidemark("explain", String(sleeper.pid), "--config", rules, "--json");
    assert.equal(status, 0, stderr);
    const [view] = records(stdout);
    assert.equal(view?.["why"], "rule-never");
    const matches = Object(view?.["rules"]).map((rule: { matches: string }) => rule.matches);
    assert.deepEqual(matches, ["yes", "no"]);
  } finally {
    sleeper.kill("SIGKILL");
    await once(sleeper, "exit");
  }
});

test("check shows every setting and every rule with how many processes it matches", () => {
  const { status, stdout } = tidemark("check", "--config", settings, "--json", "--set", "headroom.low=8%");
  assert.equal(status, 0);
  const [head, ...rest] = records(stdout);
  assert.equal(head?.["accepted"], true);
  const low = rest.find((each) => each["setting"] === "headroom.low");
  assert.equal(low?.["schema"], "tidemark.check.setting/1");
  assert.match(String(low?.["resolved"]), /MiB|GiB/);
  assert.match(
    tidemark("check", "--config", settings).stdout,
    /^The settings are sound.*^DETECTORS\n {2}headroom +\d/ms,
  );
});

test("check refuses bad settings with 78 and shows each with its place", () => {
  const bad = written("bad.toml", 'preset = "none"\n[headroom]\nlow = 512\nhihg = "1GiB"\n');
  const { status, stdout } = tidemark("check", "--config", bad);
  assert.equal(status, 78);
  assert.match(stdout, /bad\.toml:3:\d+: error: /);
  assert.match(stdout, /bad\.toml:4:\d+: error: .*\n?.*"?high"?/);
  assert.match(stdout, /\^~/);
  const problems = records(tidemark("check", "--config", bad, "--json").stdout).slice(1);
  assert.deepEqual(
    problems.map(({ line }) => line),
    [3, 4],
  );
});

test("every command that needs settings refuses bad ones in the same way", () => {
  for (const command of [["status"], ["explain"], ["explain", "1"]]) {
    const { status, stdout, stderr } = tidemark(...command, "--config", join(folder, "missing.toml"));
    assert.deepEqual([status, stdout], [78, ""]);
    assert.match(stderr, /Cannot read ".*missing\.toml": ENOENT/);
  }
});

test("simulate tells the whole story of a kill, the same every time", () => {
  const scenario = written("leak.toml", story("A leak"));
  const { status, stdout } = tidemark("simulate", scenario, "--config", settings);
  assert.equal(status, 0);
  assert.match(stdout, /^A leak$/m);
  for (const told of [/Alarm scarce/, /Sent SIGTERM to \d+ \(leak\)/, /Sent SIGKILL/, /\(leak\) is gone/, /is back/]) {
    assert.match(stdout, told);
  }
  assert.match(stdout, /^The kernel never had to kill; 1 process was killed/m);
  assert.equal(tidemark("simulate", scenario, "--config", settings).stdout, stdout);
});

test("simulate says no when the kernel had to kill by itself", () => {
  const scenario = written("protected.toml", story("A protected leak"));
  const guarded = written("guarded.toml", 'preset = "none"\n[[rule]]\nverdict = "only"\nname = "nobody-has-this"\n');
  const { status, stdout } = tidemark("simulate", scenario, "--config", guarded, "--json");
  assert.equal(status, 1);
  const summary = records(stdout).at(-1);
  assert.equal(summary?.["schema"], "tidemark.simulate/1");
  assert.equal(summary?.["kills"], 0);
  assert.ok(Number(summary?.["kernel_kills"]) > 0);
});

test("simulate refuses a scenario that is none, with its place", () => {
  const { status, stderr } = tidemark("simulate", written("none.toml", 'duration = "1s"\nrma = "1GiB"\n'));
  assert.equal(status, 78);
  assert.match(stderr, /none\.toml:2:1: error: .*"rma"/);
});

test("every line of --json is an object whose first key is its schema", () => {
  const scenario = written("leak.toml", story("A leak"));
  for (const command of [["status"], ["explain"], ["explain", "1"], ["check"], ["simulate", scenario]]) {
    const { stdout } = tidemark(...command, "--json", "--config", settings);
    assert.ok(stdout.length > 0);
    for (const line of stdout.split("\n").slice(0, -1)) {
      assert.match(line, /^\{"schema":"tidemark\.[a-z.]+\/\d+"/);
      assert.doesNotThrow(() => JSON.parse(line));
    }
  }
});

test("a reader that has seen enough is no error", async () => {
  const scenario = written("leak.toml", story("A leak"));
  const child = spawn(process.execPath, [program, "simulate", scenario, "--json", "--config", settings], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += String(chunk);
  });
  child.stdout.destroy();
  const [code] = await once(child, "exit");
  assert.deepEqual([code, complaints], [0, ""]);
});

test("colour is not written into a pipe, unless it is asked for", () => {
  assert.doesNotMatch(tidemark("status", "--config", settings).stdout, /\p{Cc}(?<!\n)/u);
  assert.match(tidemark("status", "--config", settings, "--color", "always").stdout, /\p{Cc}\[\d+m/u);
});

test("simulate --sweep plays a story under every combination, and refuses more than anybody reads", () => {
  const path = written("sweep.toml", story("A leak, again and again"));
  const { status, stdout } = tidemark(
    ...["simulate", path, "--config", settings, "--sweep", "headroom.low=20%,30%", "--sweep", "kill.term_grace=1s,2s"],
  );
  assert.equal(status, 0);
  assert.match(stdout, /^headroom\.low +kill\.term_grace +first kill/m);
  assert.equal(stdout.match(/^[23]0% +[12]s .* leak$/gm)?.length, 4);
  assert.match(stdout, /^4 of 4 stories ended well$/m);
  const many = tidemark("simulate", path, "--sweep", `kill.budget=${Array.from({ length: 101 }, (_, n) => n + 1)}`);
  assert.deepEqual([many.status, many.stdout], [64, ""]);
  assert.match(many.stderr, /it would play 101 stories; leave no more than 100 combinations/);
  assert.equal(tidemark("simulate", path, "--sweep", "headroom.lwo=1%,2%").status, 78);
});

test("simulate draws what happened, unless nobody wants it, and in no line longer than 100 columns", () => {
  const path = written("drawn.toml", story("A leak, drawn"));
  const { stdout } = tidemark("simulate", path, "--config", settings, "--no-unicode");
  assert.match(stdout, /^ +low \d.*-{20}/m);
  assert.match(stdout, /^ +kills +.*[TK]/m);
  for (const line of stdout.split("\n")) assert.ok(Array.from(line).length <= 100, line);
  assert.doesNotMatch(tidemark("simulate", path, "--config", settings, "--no-plot").stdout, /^ +low \d/m);
});
