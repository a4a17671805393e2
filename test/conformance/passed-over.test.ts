import assert from "node:assert/strict";
import { test } from "node:test";
import { parseKernelRelease } from "#domain/kernel-release.ts";
import { mib, type Pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { openKernelEyes, readOomScore } from "#test/support/conformance/kernel-eyes.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { toSignal } from "#test/support/decisions.ts";

const eyes = openKernelEyes();
const release = parseKernelRelease(eyes.capabilities.kernelRelease);
const tooOld = (release === undefined || release.major < 6) && "measured on kernels from 6.0 on";

test("a child of vfork is passed over as the kernel does, and its parent is the victim", {
  skip: tooOld || lacksStage(),
}, async () => {
  await using stage = openStage();
  using machine = linuxMachine();
  const { pid: parent } = await stage.start({ anonKiB: mib(64), oomScoreAdj: 500, vforks: true });
  const childOf = (of: Pid) => eyes.table().find((process) => process.parent === of);
  await until("the parent has a child", () => childOf(parent) !== undefined);
  const [elder, child] = [eyes.look(parent), childOf(parent)];
  assert.ok(elder !== undefined && child !== undefined);
  // By all that it shows it is as bad as its parent, and the younger.
  assert.equal(eyes.predict(child), eyes.predict(elder));
  assert.equal(readOomScore(child.identity.pid), 0);
  assert.equal(readOomScore(parent), eyes.predict(elder));
  assert.deepEqual(machine.act(toSignal(child.identity)), { kind: "refused", why: "passed-over" });
  assert.equal(eyes.look(child.identity.pid)?.isDying, false);
  const both = toSignal(elder.identity, { signal: "SIGKILL", suspects: [child.identity] });
  const outcome = machine.act(both);
  assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, [child.identity]);
  await stage.bury(parent);
});
