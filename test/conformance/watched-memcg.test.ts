/* The kernel's own counters of a memcg that was made for it, as the sensor tells them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { kibToBytes, lessened, mib } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";

const skip = lacksV1("memory") || lacksStage();
const needs = ["memcgs"] as const;

test("a watched memcg of v1 holds what its member took, and has no kill", { skip }, async (context) => {
  await using cgroup = makeV1Cgroup("memory");
  cgroup.write("memory.limit_in_bytes", String(kibToBytes(mib(128))));
  await using stage = openStage();
  const name = cgroup.path.slice(cgroup.path.lastIndexOf("/") + 1);
  using machine = linuxMachine();
  const watch = [`/${name.slice(0, -3)}*`, `/${name}`];
  const seen = () =>
    knownValue(machine.sense({ needs, isPressing: true, watch }).memcgs)?.find(({ path }) => path === `/${name}`);
  const before = seen();
  assert.ok(before);
  await stage.start({ cgroups: [cgroup.path], anonKiB: mib(40) });
  const after = seen();
  assert.ok(after);
  const grown = lessened(after.usage, before.usage);
  context.diagnostic(`${grown} KiB more used, ${after.reclaimable} KiB of ${after.usage} reclaimable`);
  assert.ok(grown >= mib(40) && grown < mib(60), `${grown}`);
  assert.equal(after.limits.memory, mib(128));
  assert.ok(after.reclaimable < mib(1), "anonymous memory cannot be dropped");
  assert.deepEqual(after.events, { low: undefined, high: undefined, max: 0, oom: undefined, oomKill: 0 });
});
