import assert from "node:assert/strict";
import { test } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { bytes, mib } from "#domain/units.ts";
import { makeSwapSensor } from "#linux/swap-sensor.ts";
import { fixturePath } from "#test/support/fixture.ts";
import { makeTree, type Tree } from "./tree.ts";

const zramMachine = "machines/debian12-6.18-x64-4k-zram";
const header = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
const zram = (n: number) => `/dev/zram${n}                              partition\t1048572\t\t0\t\t100\n`;
const disk = "/dev/vda2                               partition\t2097148\t\t0\t\t-2\n";
const inUse = "1073741824 301989888 314572800 536870912 320864256     1024        0       12       40\n";
const unlimited = "  8192   100  12288   0  12288   0   0   0   0\n";

function readSwaps(tree: Tree) {
  using sensor = makeSwapSensor({ root: tree.root, pageSize: bytes(4096) });
  return sensor.read();
}

test("each zram is told with what it stores, and no other device", () => {
  using tree = makeTree({
    "proc/swaps": header + zram(0) + disk + zram(11),
    "sys/block/zram0/mm_stat": inUse,
    "sys/block/zram11/mm_stat": unlimited,
    "sys/block/vda2/mm_stat": inUse,
  });
  const devices = knownValue(readSwaps(tree))?.devices;
  assert.deepEqual(
    devices?.map(({ path, stored }) => [path, stored]),
    [
      ["/dev/zram0", { original: mib(1020), occupied: mib(300), limit: mib(512) }],
      ["/dev/vda2", undefined],
      ["/dev/zram11", { original: 8, occupied: 12, limit: undefined }],
    ],
  );
});

test("a recorded machine with a real zram tells what the kernel told, mem_limit included", () => {
  using sensor = makeSwapSensor({ root: fixturePath(zramMachine), pageSize: bytes(4096) });
  assert.deepEqual(sensor.read(), {
    kind: "known",
    value: {
      devices: [
        {
          path: "/dev/zram0",
          kind: "zram",
          size: 65_532,
          used: 32_768,
          priority: 100,
          // 33558528 bytes, of which 512 pages hold one word; 12619776 of RAM.
          stored: { original: 32_772 - 2048, occupied: 12_324, limit: mib(32) },
        },
      ],
    },
  });
});

test("what zram has written back to a disk behind it takes no RAM, and is no data that was compressed", () => {
  using tree = makeTree({
    "proc/swaps": header + zram(0),
    "sys/block/zram0/mm_stat": inUse,
    "sys/block/zram0/bd_stat": "     2048        7     4096\n",
  });
  assert.equal(knownValue(readSwaps(tree))?.devices[0]?.stored?.original, mib(1020 - 8));
});

test("a zram that tells nothing, or nonsense, is still a device", () => {
  using tree = makeTree({ "proc/swaps": header + zram(0) + zram(1), "sys/block/zram1/mm_stat": "half a numb" });
  const reading = readSwaps(tree);
  assert.deepEqual(
    knownValue(reading)?.devices.map(({ kind, stored }) => [kind, stored]),
    [
      ["zram", undefined],
      ["zram", undefined],
    ],
  );
});

test("figures of zram are those of now, also when the device is made anew", () => {
  using tree = makeTree({ "proc/swaps": header + zram(0), "sys/block/zram0/mm_stat": unlimited });
  using sensor = makeSwapSensor({ root: tree.root, pageSize: bytes(4096) });
  const occupied = () => knownValue(sensor.read())?.devices[0]?.stored?.occupied;
  assert.equal(occupied(), 12);
  tree.write("sys/block/zram0/mm_stat", inUse);
  assert.equal(occupied(), mib(300));
});

test("zswap is told while it is switched on", () => {
  using tree = makeTree({
    "proc/swaps": header + disk,
    "sys/module/zswap/parameters/enabled": "Y\n",
    "sys/module/zswap/parameters/max_pool_percent": "20\n",
  });
  assert.deepEqual(knownValue(readSwaps(tree))?.zswap, { maxPool: 20 });
  tree.write("sys/module/zswap/parameters/enabled", "N\n");
  assert.equal(knownValue(readSwaps(tree))?.zswap, undefined);
});

test("without a list there is nothing to tell, and it says so", () => {
  using tree = makeTree({ "sys/block/zram0/mm_stat": inUse });
  const reading = readSwaps(tree);
  assert.equal(reading.kind === "unavailable" && reading.failure.errno, "ENOENT");
});
