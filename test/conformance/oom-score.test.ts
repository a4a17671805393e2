/*
 * The kernel shows its own judgement in /proc/PID/oom_score, in steps of about 0.15 % of RAM and swap. The tolerance is
 * one step, for two reasons that both show only at the edge of a step: the approximate counters of an mm are folded by
 * whatever CPU runs, and memory changes between two reads. The score is read before and after, and either may be met.
 * Each test prints how many needed the tolerance.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, type TestContext, test } from "node:test";
import { gib, initPid, kib, kibToMiB, mib, type Pid } from "#domain/units.ts";
import { type KernelEyes, openKernelEyes, readOomScore } from "#test/support/conformance/kernel-eyes.ts";
import { type ActorWish, lacksStage, openStage, type Stage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksZramSwap, openZramSwap } from "#test/support/conformance/zram-swap.ts";

const eyes: KernelEyes = openKernelEyes();
const tolerance = 1;
const skip = lacksStage();

let stage: Stage;
before(() => {
  if (skip === false) stage = openStage();
});
after(() => stage?.[Symbol.asyncDispose]());

/** Our score and the kernel's, of one moment. */
interface Comparison {
  readonly pid: Pid;
  readonly comm: string;
  readonly predicted: number;
  readonly shown: readonly [number, number];
  /** Steps between ours and the nearer of theirs. */
  readonly distance: number;
}

/** Undefined: it has gone meanwhile. */
function compare(pid: Pid, { look, predict } = eyes): Comparison | undefined {
  const first = readOomScore(pid);
  const process = look(pid);
  const second = readOomScore(pid);
  if (first === undefined || process === undefined || second === undefined) return undefined;
  const predicted = predict(process);
  const distance = Math.min(Math.abs(predicted - first), Math.abs(predicted - second));
  return { pid, comm: process.comm, predicted, shown: [first, second], distance };
}

function tell(context: TestContext, comparisons: readonly Comparison[]): void {
  const equal = comparisons.filter(({ distance }) => distance === 0).length;
  const within = comparisons.filter(({ distance }) => distance <= tolerance).length;
  context.diagnostic(`${equal} of ${comparisons.length} scores equal, ${within} within the tolerance of ${tolerance}`);
  assert.deepEqual(
    comparisons.filter(({ distance }) => distance > tolerance),
    [],
  );
}

const compareOne = (pid: Pid, seeing = eyes): Comparison => {
  const comparison = compare(pid, seeing);
  assert.ok(comparison !== undefined, `pid ${pid} has gone`);
  return comparison;
};

const setAdj = (of: Pid, adj: number): void => writeFileSync(`/proc/${of}/oom_score_adj`, String(adj));

async function play(context: TestContext, wish: ActorWish): Promise<Pid> {
  const { pid, sharer } = await stage.start({ oomScoreAdj: 500, ...wish });
  context.after(async () => {
    for (const actor of [pid, sharer]) if (actor !== undefined) process.kill(actor, "SIGKILL");
    await stage.bury(pid);
  });
  return pid;
}

test("the score of every living process is the kernel's", (context) => {
  const comparisons = eyes
    .table()
    // Only the init of the whole machine is exempt from the kernel's choice, and a container cannot tell whose its own is.
    .filter(({ identity }) => identity.pid !== initPid)
    .flatMap(({ identity }) => compare(identity.pid) ?? []);
  const eligible = comparisons.filter(({ predicted }) => predicted > 0);
  context.diagnostic(`${eligible.length} eligible, ${comparisons.length - eligible.length} not`);
  assert.ok(eligible.length > 0);
  tell(context, comparisons);
});

const shapes: Readonly<Record<string, ActorWish>> = {
  "256 MiB of anonymous memory": { anonKiB: mib(256) },
  "200 MiB of shared anonymous memory": { shmemKiB: mib(200) },
  "200 MiB of a mapped file": { fileKiB: mib(200) },
  "64 threads": { anonKiB: mib(20), threads: 64 },
  "another process in its memory": { anonKiB: mib(50), sharesMemory: true },
};

for (const [what, wish] of Object.entries(shapes)) {
  test(`the score of a process with ${what} is the kernel's`, { skip }, async (context) => {
    const comparison = compareOne(await play(context, wish));
    // 500 makes 333 of 666 besides what it holds: nobody is compared who could not be chosen.
    assert.ok(comparison.predicted > 900);
    tell(context, [comparison]);
  });
}

test("the score of a process with 20,000 page tables is the kernel's, and would be another without them", {
  skip,
}, async (context) => {
  const pid = await play(context, { pageTables: 20_000 });
  const process = eyes.look(pid);
  assert.ok(process?.memory !== undefined && process.memory.pageTables >= kib(20_000 * 4));
  const comparison = compareOne(pid);
  tell(context, [comparison]);
  // On a machine of 32 GiB and less they make more than two steps.
  if (eyes.total > gib(32)) return;
  const without = eyes.predict({ ...process, memory: { ...process.memory, pageTables: kib(0) } });
  assert.ok(Math.abs(without - comparison.shown[0]) > tolerance);
});

test("the score of a zombie that holds memory by another thread is the kernel's", { skip }, async (context) => {
  const pid = await play(context, { anonKiB: mib(100), threads: 2, leaderExits: true });
  await until("the leader has exited", () => / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")));
  assert.match(readFileSync(`/proc/${pid}/statm`, "utf8"), /^0 0 /);
  const comparison = compareOne(pid);
  assert.ok(comparison.predicted > 900);
  tell(context, [comparison]);
});

test("the score follows every oom_score_adj from 0 to 1000", { skip }, async (context) => {
  const pid = await play(context, { anonKiB: mib(200), oomScoreAdj: 0 });
  const comparisons = Array.from({ length: 1001 }, (_, adj) => {
    setAdj(pid, adj);
    return compareOne(pid);
  });
  assert.equal(new Set(comparisons.map(({ predicted }) => predicted)).size > 600, true);
  tell(context, comparisons);
});

const cannotLower =
  skip === false && !eyes.capabilities.canLowerOomScoreAdj && "no CAP_SYS_RESOURCE: no adj can be lowered below 0";

test("the score follows every oom_score_adj from −1 to −1000", { skip: skip || cannotLower }, async (context) => {
  const pid = await play(context, { anonKiB: mib(200), oomScoreAdj: 0 });
  const comparisons = Array.from({ length: 1000 }, (_, adj) => {
    setAdj(pid, -1 - adj);
    return compareOne(pid);
  });
  tell(context, comparisons);
});

const noSwap = eyes.swap === 0 && lacksZramSwap();

test("the score of a process in swap is the kernel's", { skip: skip || noSwap }, async (context) => {
  // A machine without swap swaps to a zram of ours for a moment; its size is part of every score.
  using _zram = eyes.swap === 0 ? openZramSwap(mib(256)) : undefined;
  const seeing = openKernelEyes();
  const pid = await play(context, { anonKiB: mib(200), isPagedOut: true });
  const swapped = seeing.look(pid)?.memory?.swap ?? 0;
  if (swapped === 0) return context.skip("the kernel moved none of it to swap");
  context.diagnostic(`${kibToMiB(kib(swapped)).toFixed(0)} MiB of it in swap`);
  tell(context, [compareOne(pid, seeing)]);
});
