/*
 * The kernel's own killer is the oracle: in a private memcg of 64 MiB a random family is driven to its limit and held there,
 * our engine names a victim, then the kernel may kill. ROUNDS=… plays more of them, SEED=… the same families again.
 *
 * 95 % must agree. What can differ: who asked for more runs on before the kernel looks, and its counters are folded in steps of
 * 32 pages per CPU (mm/oom_kill.c reads them approximately), so that two who are so close change places. Disagreements are
 * printed with both scores.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { linuxMachine } from "#linux/linux-machine.ts";
import { drawFrom } from "#test/support/conformance/family.ts";
import { lacksKernelLog, openKernelLog } from "#test/support/conformance/kernel-log.ts";
import { playRound, type RoundResult } from "#test/support/conformance/oom-round.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { lacksV1 } from "#test/support/conformance/v1-cgroup.ts";
import { lacksKernelThreads } from "#test/support/kernel-threads.ts";
import { seed } from "#test/support/seed.ts";

const rounds = Number(process.env["ROUNDS"] ?? 20);
const leastAgreement = 0.95;
/** The kernel prints ten reports in five seconds: who comes slower gets every table. */
const betweenKills = 500;

// The log has the pids of the first pid namespace, in which its own threads are seen.
const skip = lacksV1("memory") || lacksStage() || lacksKernelLog() || lacksKernelThreads;

test(`the kernel kills whom we named, in ${rounds} memcg OOMs (SEED=${seed})`, { skip }, async (context) => {
  using machine = linuxMachine();
  await using stage = openStage();
  using log = openKernelLog();
  const draw = drawFrom(seed);
  const results: RoundResult[] = [];
  for (let round = 0; round < rounds; round++) {
    const next = setTimeout(betweenKills);
    const result = await playRound(draw, { machine, stage, log });
    results.push(result);
    if (result.named !== result.killed) {
      context.diagnostic(`round ${round}: the kernel killed pid ${result.killed}`);
      for (const line of result.ranking) context.diagnostic(`  ${line}`);
    }
    await next;
  }
  const agreeing = results.filter(({ named, killed }) => named === killed);
  const ties = results.filter(({ equals }) => equals > 1);
  const agreeingTies = ties.filter(({ named, killed }) => named === killed);
  const growers = results.filter(({ comm }) => comm === "grower");
  context.diagnostic(`${agreeing.length} of ${rounds} same victim`);
  context.diagnostic(`${agreeingTies.length} of ${ties.length} where the highest badness was that of several`);
  context.diagnostic(`who asked for more was killed in ${growers.length} of ${rounds}`);
  assert.ok(agreeing.length >= rounds * leastAgreement);
});
