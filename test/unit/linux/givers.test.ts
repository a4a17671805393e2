import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, it } from "node:test";
import type { Giver, GiverMeans, GiverReport } from "#domain/giver.ts";
import { cgroupPath, type KiB, mib, milliseconds } from "#domain/units.ts";
import { type Givers, makeGivers } from "#linux/givers.ts";
import { effectiveUid } from "#native-bindings/process-ids.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { toAsk } from "#test/support/decisions.ts";

const isRoot = effectiveUid() === 0;
const patience = 30_000;
/** asm-generic/fcntl.h: O_CLOEXEC */
const closeOnExec = 0o2000000;

/** Waits for news of givers, or for the file system, without counting on any pace. */
async function until<T>(claim: string, find: () => T | undefined): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`It never came true that ${claim}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const folder = mkdtempSync(join(tmpdir(), "tidemark-givers-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

let made: Givers[] = [];
afterEach(() => {
  for (const givers of made) givers[Symbol.dispose]();
  made = [];
});

function newGivers(): Givers {
  const givers = makeGivers({ now: () => milliseconds(performance.now()), tell: () => undefined });
  made.push(givers);
  return givers;
}

const giverOf = (means: GiverMeans): Giver => ({ name: "under test", means, timeout: milliseconds(1000) });
const hook = (script: string, user?: string, ...words: readonly string[]): Giver =>
  giverOf({ kind: "hook", run: ["/bin/sh", "-c", script, ...words], user });

const reportOf = (givers: Givers): GiverReport | undefined => givers.report().givers?.[0];

/** Makes it ready, asks it, and waits for its end. */
async function ask(giver: Giver): Promise<Extract<GiverReport, { kind: "done" }>> {
  const givers = newGivers();
  assert.deepEqual(givers.act({ kind: "enlist", givers: [giver] }), { kind: "enlisted", lacking: [] });
  assert.deepEqual(givers.act(toAsk(giver)), { kind: "asked" });
  return until("the giver has ended", () => {
    const report = reportOf(givers);
    return report?.kind === "done" ? report : undefined;
  });
}

const failureOf = (giver: Giver) => {
  const outcome = newGivers().act({ kind: "enlist", givers: [giver] });
  return outcome.kind === "enlisted" ? outcome.lacking[0]?.failure : undefined;
};

const readPids = (path: string): readonly number[] | undefined => {
  try {
    const pids = readFileSync(path, "utf8").trim().split(" ").map(Number);
    return pids.length === 2 && pids.every((pid) => pid > 1) ? pids : undefined;
  } catch {
    return undefined;
  }
};

/** Descriptors that whoever started this test left open for everybody. */
const inheritable = (): readonly string[] =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? "0";
      return Number(fd) > 2 && (Number.parseInt(flags, 8) & closeOnExec) === 0;
    } catch {
      return false;
    }
  });

const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

const childrenOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");

describe("a hook", () => {
  it("finds in its environment what it is asked for, and nothing of ours", async () => {
    const { output, ending } = await ask(hook("env | sort"));
    assert.deepEqual(ending, { kind: "exited", status: 0 });
    const names = output.beginning.split("\n").map((line) => line.split("=")[0]);
    assert.deepEqual(
      names.filter((name) => name !== "PWD"),
      ["PATH", "TIDEMARK_ALARM", "TIDEMARK_HEADROOM_KIB", "TIDEMARK_WANTED_KIB"],
    );
    assert.match(output.beginning, /TIDEMARK_ALARM=scarce\nTIDEMARK_HEADROOM_KIB=92160\nTIDEMARK_WANTED_KIB=61440/);
  });

  it("gets its arguments as they are, whatever a shell would make of them", async () => {
    const words = ["$(id)", "`id`", "a b", "*", "; id", '"', "'"];
    const { output } = await ask(hook('shift; printf "%s\\n" "$@"', undefined, "name", "first", ...words));
    assert.equal(output.beginning, words.join("\n"));
  });

  it("has nothing to read, no descriptor of ours, and a session of its own", async () => {
    const { output } = await ask(
      // Not through a pipe: while it starts both ends of one, a shell holds its descriptors itself.
      hook('cat; readlink /proc/self/fd/0; ls -m /proc/$$/fd; cut -d" " -f5,6 /proc/$$/stat; echo $$'),
    );
    const [input, descriptors, session, leader] = output.beginning.split("\n");
    assert.equal(input, "/dev/null");
    assert.deepEqual(new Set(descriptors?.split(", ")), new Set(["0", "1", "2", ...inheritable()]));
    assert.equal(session, `${leader} ${leader}`);
  });

  it("has an oom_score_adj of 0, whatever ours is", async () => {
    const adj = readFileSync("/proc/self/oom_score_adj", "utf8");
    // As good as a negative one, which takes a right to set.
    writeFileSync("/proc/self/oom_score_adj", "300");
    try {
      const { output } = await ask(hook("cat /proc/self/oom_score_adj"));
      assert.equal(output.beginning, "0");
    } finally {
      writeFileSync("/proc/self/oom_score_adj", adj);
    }
  });

  it("has none of our protection while it waits: its user may trace it", async () => {
    const adj = readFileSync("/proc/self/oom_score_adj", "utf8");
    writeFileSync("/proc/self/oom_score_adj", "300");
    try {
      newGivers().act({ kind: "enlist", givers: [hook("exit 0", undefined, "untold hook")] });
      const [waiting] = childrenOf(process.pid).filter((pid) => commandOf(pid).includes("untold hook"));
      assert.ok(waiting !== undefined);
      assert.equal(readFileSync(`/proc/${waiting}/oom_score_adj`, "utf8").trim(), "0");
    } finally {
      writeFileSync("/proc/self/oom_score_adj", adj);
    }
  });

  it("has the rights of its user and no others", { skip: !isRoot && "only root can become another" }, async () => {
    const { output } = await ask(hook("id -u; id -G; grep CapEff /proc/self/status", "nobody"));
    assert.match(output.beginning, /^65534\n65534\nCapEff:\s+0+$/);
  });

  it("whose output nobody reads is not waited for, and its beginning is kept", async () => {
    const { output } = await ask(hook("echo begins; head -c 5000 /dev/zero | tr '\\0' x; echo ends >&2"));
    assert.match(output.beginning, /^begins\nx/);
    assert.equal(output.bytes, 5012);
    assert.ok(output.beginning.length <= 256);
  });

  it("that hangs is stopped with all it started, though none of them heeds SIGTERM", async () => {
    const path = join(folder, "pids");
    const givers = newGivers();
    const giver = hook(`trap "" TERM; sleep 60 & echo $$ $! >${path}; wait`);
    givers.act({ kind: "enlist", givers: [giver] });
    givers.act(toAsk(giver));
    const pids = await until("it has begun", () => readPids(path));
    assert.deepEqual(pids.map(isRunning), [true, true]);
    givers.act({ kind: "dismiss", giver });
    assert.equal(reportOf(givers), undefined);
    await until("both are gone", () => (pids.some(isRunning) ? undefined : true));
  });

  it("is not asked under other settings than those it was made ready under, but is under the same read again", () => {
    const givers = newGivers();
    givers.act({ kind: "enlist", givers: [hook("exit 0")] });
    assert.deepEqual(givers.act(toAsk(hook("exit 1"))), { kind: "unready", why: "not-ready" });
    givers.act({ kind: "dismiss", giver: hook("exit 1") });
    assert.deepEqual(givers.act(toAsk(hook("exit 0"))), { kind: "asked" });
  });

  it("that waits to be asked ends with us", async () => {
    const givers = newGivers();
    const path = join(folder, "ran");
    givers.act({ kind: "enlist", givers: [hook(`echo ran >${path}`)] });
    givers[Symbol.dispose]();
    assert.throws(() => readFileSync(path), /ENOENT/);
  });

  it("is not made ready when it cannot be run as things are", () => {
    const run = (program: string, user?: string): Giver => giverOf({ kind: "hook", run: [program], user });
    const strange = join(folder, "strange");
    writeFileSync(strange, "#!/bin/sh\n", { mode: 0o777 });
    assert.equal(failureOf(run("/bin/there-is-no-such-program"))?.errno, "ENOENT");
    assert.match(failureOf(run("/etc/passwd"))?.advice ?? "", /execute it/);
    assert.match(failureOf(run("/etc"))?.advice ?? "", /this is none/);
    assert.match(failureOf(run("/bin/true", "there-is-no-such-user"))?.advice ?? "", /\/etc\/passwd/);
  });
});

describe("reclaim", () => {
  const reclaim = (cgroup: string, amount: "all" | KiB): Giver =>
    giverOf({ kind: "reclaim", cgroup: cgroupPath(cgroup), amount });

  it("of a cgroup that is not there is not made ready", () => {
    const failure = failureOf(reclaim("/there-is-none", mib(1)));
    assert.deepEqual([failure?.call, failure?.errno, failure?.subject], ["reclaim", "ENOENT", "/there-is-none"]);
  });

  it("under cgroup v1 takes all the page cache of a memcg, and refuses amounts", {
    skip: lacksV1("memory"),
  }, async () => {
    await using cgroup = makeV1Cgroup("memory");
    const used = () => Number(cgroup.read("memory.usage_in_bytes"));
    const name = `/${basename(cgroup.path)}`;
    assert.equal(failureOf(reclaim(name, mib(1)))?.errno, "EOPNOTSUPP");
    const file = join(folder, "cached");
    // Its pages are charged to the memcg of who reads and writes it first.
    const filler = `echo $$ >${cgroup.path}/cgroup.procs; head -c ${32 * 1024 * 1024} /dev/urandom >${file}; sync ${file}`;
    execFileSync("/bin/sh", ["-c", filler]);
    const before = used();
    assert.ok(before > 30 * 1024 * 1024, `${before} bytes are charged`);
    const { ending } = await ask(reclaim(name, "all"));
    assert.deepEqual(ending, { kind: "exited", status: 0 });
    assert.ok(used() < before / 4, `${used()} of ${before} bytes are left`);
  });
});
