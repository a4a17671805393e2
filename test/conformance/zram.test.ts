/*
 * A real zram is the oracle of what free zram is worth. The whole machine can swap to it meanwhile, so it lives for a second or
 * two and holds 256 MiB; only what the kernel counts of this device is compared, because RAM is everybody's.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import { knownValue } from "#domain/snapshot.ts";
import type { SwapDevice, Swaps } from "#domain/swaps.ts";
import { add, type KiB, kib, kibToBytes, kibToMiB, mib, subtract } from "#domain/units.ts";
import { gainOnZram, isOutOfDate, worthOfFreeSwap } from "#engine/free-swap.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { lacksStage, openStage, type Stage } from "#test/support/conformance/stage.ts";
import { lacksZramSwap, openZramSwap } from "#test/support/conformance/zram-swap.ts";

const size = mib(256);
const skip = lacksZramSwap() || lacksStage();

interface Look {
  readonly meminfo: Meminfo;
  readonly swaps: Swaps;
  readonly device: SwapDevice;
}

/** Undefined: there is no swap. */
function look(machine: ReturnType<typeof linuxMachine>): Look | undefined {
  const snapshot = machine.sense({ needs: ["meminfo", "swaps"], isPressing: true });
  const [meminfo, swaps] = [knownValue(snapshot.meminfo), knownValue(snapshot.swaps)];
  const [device] = swaps?.devices ?? [];
  return meminfo && swaps && device && { meminfo, swaps, device };
}

function insistOn(machine: ReturnType<typeof linuxMachine>): Look & { readonly occupied: KiB } {
  const seen = look(machine);
  assert.ok(seen?.device.stored, "the zram tells what it stores");
  return { ...seen, occupied: seen.device.stored.occupied };
}

/** Half of each page is noise, so that it compresses to a little more than half. */
const swapOut = (stage: Stage, anonKiB: KiB) => stage.start({ anonKiB, noiseBytes: 2048, isPagedOut: true });

const isNear = (value: number, expected: number, share: number): boolean =>
  Math.abs(value - expected) <= Math.abs(expected) * share;

test("a zram is worth what it saves: what is swapped to it is what it loses, RAM and all", {
  skip,
}, async (context) => {
  using machine = linuxMachine();
  await using stage = openStage();
  using zram = openZramSwap(size);
  const empty = insistOn(machine);
  assert.equal(empty.device.path, zram.path);
  assert.ok(isNear(gainOnZram(empty.device), (size * 2) / 3, 0.02), "an empty one is worth two thirds of its size");

  await swapOut(stage, mib(112));
  const before = insistOn(machine);
  await swapOut(stage, mib(64));
  const after = insistOn(machine);
  const taken = subtract(after.device.used, before.device.used);
  const lost = add(
    subtract(gainOnZram(before.device), gainOnZram(after.device)),
    subtract(after.occupied, before.occupied),
  );
  context.diagnostic(`${kibToMiB(taken)} MiB swapped out, ${kibToMiB(lost).toFixed(1)} MiB of headroom lost`);
  assert.ok(taken >= mib(60), `the kernel swapped out ${taken} KiB`);
  assert.ok(isNear(lost, taken, 0.15), `${lost} KiB lost for ${taken} KiB taken`);

  zram.limit(kibToBytes(add(after.occupied, mib(4))));
  const limited = insistOn(machine);
  const gain = gainOnZram(limited.device);
  context.diagnostic(`with room for 4 MiB below mem_limit it is worth ${kibToMiB(gain).toFixed(1)} MiB`);
  assert.ok(gain > kib(0) && gain < mib(8), "mem_limit is what can still be stored");
});

test("while swapoff empties a device, nothing of it is free", { skip }, async (context) => {
  using machine = linuxMachine();
  await using stage = openStage();
  using zram = openZramSwap(size);
  await swapOut(stage, mib(192));
  const swapoff = spawn("swapoff", [zram.path]);
  const ended = new Promise<void>((resolve) => swapoff.once("close", () => resolve()));
  const leaving: Look[] = [];
  while (swapoff.exitCode === null) {
    const seen = look(machine);
    if (seen !== undefined && seen.meminfo.swapTotal > 0 && isOutOfDate(seen.swaps, seen.meminfo)) leaving.push(seen);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
  const free = leaving.map(({ meminfo, swaps }) => kibToMiB(worthOfFreeSwap(meminfo, swaps)));
  const used = leaving.map(({ meminfo }) => kibToMiB(meminfo.swapTotal));
  context.diagnostic(
    `${leaving.length} looks at ${Math.max(...used).toFixed(0)} to ${Math.min(...used).toFixed(0)} MiB`,
  );
  assert.ok(Math.max(...used) > 100, "swapoff was seen at work");
  // The list and meminfo are read one after the other, and a page may leave in between: seen once, as half a page.
  assert.ok(Math.max(...free) < 1, `${Math.max(...free)} MiB`);
});
