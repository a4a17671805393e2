/* The kernel's own iterator counts every process as its files tell it, whoever runs and whoever has left. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { ProcessMemory } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { initPid, type KiB, kib, mib, milliseconds, oomScoreAdjMin, type Pid, sum } from "#domain/units.ts";
import { type Census, makeCensus, pidAt, weightAt } from "#linux/census.ts";
import { rssCounterOf, rssSlackOf } from "#linux/counted-rss.ts";
import { openCensus } from "#linux/open-census.ts";
import { makeProcessTableReader } from "#linux/process-table.ts";
import type { Weight } from "#linux/weigh-process.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { startSleepers } from "#test/support/bench/sleepers.ts";
import { type KernelEyes, openKernelEyes, readOomScore } from "#test/support/conformance/kernel-eyes.ts";
import { type ActorWish, lacksStage, openStage, type Stage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";

const opened = openCensus();
const skip = opened.kind === "refused" ? `no census here: ${opened.failure.errno}` : lacksStage();
const release = readFileSync("/proc/sys/kernel/osrelease", "utf8").trim();
const processors = opened.kind === "open" ? opened.source.processors : 1;
const slackOf = rssSlackOf(release, pageSize(), processors);
const eyes: KernelEyes = openKernelEyes();

/** Opens what a test needs of its own. */
function open(): Census {
  const own = openCensus();
  assert.ok(own.kind === "open");
  return makeCensus(own.source.link, slackOf);
}

/** What everybody weighs. */
function weighAll(census: Census): ReadonlyMap<Pid, Weight> {
  const tally = census.take({ total: eyes.total, swapUsed: kib(0), pageSize: pageSize() });
  assert.ok(tally !== undefined);
  return new Map(Array.from({ length: tally.count }, (_, n) => [pidAt(tally, n), weightAt(tally, n)]));
}

const hold = ({ rss, swap, pageTables }: ProcessMemory): KiB => sum([rss, swap, pageTables]);
/** What somebody may take or give back between two reads. */
const meanwhile = mib(16);

let stage: Stage;
before(() => {
  if (skip === false) stage = openStage();
});
after(() => stage?.[Symbol.asyncDispose]());

describe("a census", { skip }, () => {
  it("holds whoever has memory, and nobody else, by no less and little more than they have", () => {
    using census = open();
    const first = weighAll(census);
    // A sandbox may hide its init from programs; nobody ever chooses it.
    const table = eyes.table().filter(({ identity }) => identity.pid !== initPid);
    const second = weighAll(census);
    const compared = table.filter(({ identity }) => first.has(identity.pid) && second.has(identity.pid));
    for (const { identity, memory, threads, comm } of compared) {
      assert.ok(memory !== undefined, `${comm} has no memory`);
      const [one = 0, other = 0] = [first, second].map((weights) => weights.get(identity.pid)?.held ?? 0);
      assert.ok(Math.max(one, other) >= hold(memory), `${comm} has ${hold(memory)} KiB, and weighs ${other}`);
      const most = hold(memory) + 2 * slackOf(threads) + meanwhile;
      assert.ok(Math.min(one, other) <= most, `${comm} has ${hold(memory)} KiB, and weighs ${other}`);
    }
    const left = table.filter(({ identity, memory }) => memory !== undefined && !first.has(identity.pid));
    assert.deepEqual(
      left.filter(({ identity }) => second.has(identity.pid) || eyes.look(identity.pid)?.memory),
      [],
    );
    assert.ok(compared.length > 2);
  });

  it("gives nobody less than the kernel's own score does", () => {
    using census = open();
    for (const [pid, { permille }] of weighAll(census)) {
      const score = readOomScore(pid);
      const adj = eyes.look(pid)?.oomScoreAdj;
      if (score === undefined || adj === undefined) continue;
      if (adj === oomScoreAdjMin) assert.equal(permille, 0);
      // Two of three thousandths are shown, from 1000 below 0 on; and a little may have been taken since.
      else assert.ok(permille >= score * 1.5 - 1000 - 5, `pid ${pid} has a score of ${score}, and weighs ${permille}`);
    }
  });

  const shapes: Readonly<Record<string, ActorWish>> = {
    "100 MiB of anonymous memory": { anonKiB: mib(100) },
    "100 MiB of shared memory": { shmemKiB: mib(100) },
    "20,000 page tables": { pageTables: 20_000 },
    "64 threads": { anonKiB: mib(20), threads: 64 },
  };

  for (const [what, wish] of Object.entries(shapes)) {
    it(`weighs a process with ${what}, and its oom_score_adj`, async () => {
      using census = open();
      const { pid } = await stage.start({ oomScoreAdj: 500, ...wish });
      const memory = eyes.look(pid)?.memory;
      const weight = weighAll(census).get(pid);
      assert.ok(memory !== undefined && weight !== undefined);
      assert.ok(weight.held >= hold(memory) && weight.held <= hold(memory) + 2 * slackOf(64));
      const own = memory.anon + memory.swap;
      assert.ok(weight.own >= own && weight.own <= own + 2 * slackOf(64), `${weight.own} of ${own} KiB`);
      assert.ok(Math.abs(weight.permille - (500 + (1000 * weight.held) / eyes.total)) < 1);
      process.kill(pid, "SIGKILL");
      await stage.bury(pid);
      assert.equal(weighAll(census).get(pid), undefined);
    });
  }

  it("weighs a process whose first thread has exited by the memory of the others", async () => {
    using census = open();
    const { pid } = await stage.start({ oomScoreAdj: 500, anonKiB: mib(100), threads: 2, leaderExits: true });
    await until("the leader has exited", () => / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
    const held = weighAll(census).get(pid)?.held ?? 0;
    assert.ok(held >= mib(100), `${held} KiB`);
    process.kill(pid, "SIGKILL");
    await stage.bury(pid);
  });

  it("has room for a crowd, and leaves no descriptor behind", async () => {
    using census = open();
    const others = weighAll(census).size;
    await using _crowd = await startSleepers(1500, AbortSignal.timeout(60_000));
    const openBefore = readdirSync("/proc/self/fd").length;
    assert.ok(weighAll(census).size >= others + 1500 - meanwhileEnded);
    assert.equal(readdirSync("/proc/self/fd").length, openBefore);
  });
});

/** Others may end while a crowd is started. */
const meanwhileEnded = 200;

describe("the first table of a hurry", { skip }, () => {
  it("holds the heaviest, and of all others what they have at the most", async () => {
    const { pid } = await stage.start({ oomScoreAdj: 500, anonKiB: mib(200) });
    await using _crowd = await startSleepers(400, AbortSignal.timeout(60_000));
    using reader = makeProcessTableReader({
      root: "",
      countRss: rssCounterOf(release, pageSize()),
      patient: undefined,
      weighing: { pageSize: pageSize() },
      census: open(),
      now: () => milliseconds(1000),
    });
    const look = { isPressing: true, keepsTable: true } as const;
    const first = knownValue(reader.read({ ...look, bounds: "held" }));
    assert.ok(first?.unread !== undefined);
    const { held, count } = first.unread;
    assert.ok(first.processes.length < 150 && count > 300, `${first.processes.length} read, ${count} not`);
    assert.ok(first.processes.some(({ identity }) => identity.pid === pid));
    assert.equal(first.isComplete, true);
    const whole = knownValue(reader.read({ isPressing: true }));
    assert.equal(whole?.unread, undefined);
    const read = new Set(first.processes.map(({ identity }) => identity.pid));
    const others = whole?.processes.filter(({ identity }) => !read.has(identity.pid)) ?? [];
    assert.ok(others.length > 300);
    for (const { memory, comm } of others) assert.ok((memory ? hold(memory) : 0) <= held + meanwhile, comm);
    process.kill(pid, "SIGKILL");
    await stage.bury(pid);
  });
});
