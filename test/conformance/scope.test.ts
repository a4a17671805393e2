/* What the kernel does beyond the memcg that is out of memory, and that we name the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chooseScope } from "#daemon/scope/choose-scope.ts";
import { knownValue } from "#domain/snapshot.ts";
import { kibToBytes, mib, type Pid } from "#domain/units.ts";
import { bindPolicy } from "#engine/define-policy.ts";
import { judge, rank } from "#engine/judge.ts";
import { boundScope } from "#engine/oom-scope.ts";
import { suspectSharers } from "#engine/sharers.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { kernel } from "#policies/kernel.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { openKernelEyes } from "#test/support/conformance/kernel-eyes.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";

const eyes = openKernelEyes();
const skip = lacksStage() || lacksV1("memory");

const memcgOf = (of: Pid | "self"): string | undefined =>
  /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(readFileSync(`/proc/${of}/cgroup`, "utf8"))?.[1];

const hasEnded = (of: Pid): boolean => ["zombie", "dead", undefined].includes(eyes.look(of)?.state);

test("who shares the victim's memory from outside of its memcg dies with it, and is named by us before", {
  skip,
}, async () => {
  await using stage = openStage();
  await using memcg = makeV1Cgroup("memory");
  await using outside = makeV1Cgroup("memory");
  using machine = linuxMachine();
  memcg.write("memory.limit_in_bytes", String(kibToBytes(mib(64))));
  memcg.write("memory.oom_control", "1");
  const { pid: victim, sharer } = await stage.start({ anonKiB: mib(40), sharesMemory: true, cgroups: [memcg.path] });
  assert.ok(sharer !== undefined);
  outside.write("cgroup.procs", String(sharer));
  assert.notEqual(memcgOf(sharer), memcgOf(victim));
  await stage.start({ growthKiB: mib(32), cgroups: [memcg.path] });
  await until("the memcg is at its limit", () => memcg.read("memory.oom_control").includes("under_oom 1"));

  const reading = chooseScope({ memcg: memcg.path, nodes: undefined }, machine);
  const { meminfo, processes } = machine.sense({ needs: ["meminfo", "processes"], isPressing: true });
  const [table, memory] = [knownValue(processes), knownValue(meminfo)];
  assert.ok(reading.kind === "scope" && table !== undefined && memory !== undefined);
  const { pageSize } = machine.capabilities;
  const basis = { ...boundScope(reading.scope, memory, pageSize), skipped: new Set<never>() };
  const judgements = judge(table, basis, aPlan({ pageSize, policy: bindPolicy(kernel, {}) }));
  const [first] = rank(judgements);
  assert.equal(first?.identity.pid, victim);
  const { suspects, protectedSuspects } = suspectSharers(first, judgements);
  assert.ok(suspects.some(({ pid }) => pid === sharer));
  assert.ok(!protectedSuspects.some(({ pid }) => pid === sharer));

  memcg.write("memory.oom_control", "0");
  await until("the kernel has killed both", () => hasEnded(victim) && hasEnded(sharer));
});
