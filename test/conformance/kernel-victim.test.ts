/*
 * A victim of the kernel's own killer, held at its end with its memory by a tracer: what the kernel has done to it, what
 * process_mrelease(2) says of it, and what we say. The kernel's reaper comes after two seconds.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { kibToBytes, mib, type Pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { openKernelEyes, readOomScore } from "#test/support/conformance/kernel-eyes.ts";
import { releaseOf } from "#test/support/conformance/mrelease.ts";
import { lacksStage, openStage, type Stage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { toSignal } from "#test/support/decisions.ts";

const eyes = openKernelEyes();
const lacksCall = !eyes.capabilities.hasProcessMrelease && "process_mrelease is of Linux 5.15";
const skip = lacksCall || lacksStage() || lacksV1("memory");

const limit = mib(64);
const held = mib(40);
/** With what the victim holds it is more than the limit, and alone it is less. */
const growth = mib(32);

let stage: Stage;
before(() => {
  if (skip === false) stage = openStage();
});
after(() => stage?.[Symbol.asyncDispose]());

const anonOf = (of: Pid): number => eyes.look(of)?.memory?.anon ?? 0;

/** The kernel's victim, which stands at its end until this is given up, and who asked for its memory. */
interface Standstill extends AsyncDisposable {
  readonly victim: Pid;
  readonly grower: Pid;
}

/** Two processes in a memcg that is too small for both. */
async function overfill(memcg: V1Cgroup): Promise<Standstill> {
  memcg.write("memory.limit_in_bytes", String(kibToBytes(limit)));
  const { pid: victim } = await stage.start({ anonKiB: held, oomScoreAdj: 1000, cgroups: [memcg.path] });
  await stage.seize(victim);
  const { pid: grower } = await stage.start({ growthKiB: growth, cgroups: [memcg.path] });
  await until("the kernel's victim stops at its end", () => eyes.look(victim)?.state === "tracing");
  return { victim, grower, [Symbol.asyncDispose]: () => stage.bury(victim) };
}

test("the kernel's own victim gives its memory back at once when it is asked to, and nobody else is killed", {
  skip,
}, async () => {
  await using memcg = makeV1Cgroup("memory");
  await using standstill = await overfill(memcg);
  const { victim, grower } = standstill;
  assert.ok(anonOf(victim) >= held, "the kernel's reaper has not come yet");
  assert.equal(releaseOf(victim), "0");
  assert.ok(anonOf(victim) < mib(1));
  await until("who asked for memory has it", () => anonOf(grower) >= growth);
  // Released by us it is not marked as reaped: the kernel still shows the score of somebody it could choose.
  assert.ok((readOomScore(victim) ?? 0) > 0);
});

test("what the kernel has reaped has the score 0, releases nothing more, and is passed over by us", {
  skip,
}, async () => {
  await using memcg = makeV1Cgroup("memory");
  await using standstill = await overfill(memcg);
  const { victim } = standstill;
  await until("the kernel has reaped it", () => readOomScore(victim) === 0);
  const seen = eyes.look(victim);
  assert.ok(seen !== undefined && seen.memory !== undefined && seen.memory.anon < mib(1));
  // Its mm is marked (MMF_OOM_SKIP), so that it counts as dying no more; to have been done already is no error.
  assert.equal(releaseOf(victim), "0");
  using machine = linuxMachine();
  assert.deepEqual(machine.act(toSignal(seen.identity)), { kind: "refused", why: "passed-over" });
});
