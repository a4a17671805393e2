import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readScenario } from "#daemon/scenario/scenario-file.ts";
import { scenarioKeys } from "#daemon/scenario/scenario-keys.ts";
import { renderScenarioReference } from "#daemon/scenario/scenario-reference.ts";

/** One scenario in which every key of every table is written, each with a value of its own. */
const everything = `
title = "t"
seed = 7
duration = "1min"
ram = ["8GiB", "16GiB"]
cpus = 3
swappiness = 133
disk_per_second = "301MiB"
disk_latency = "8ms"
file_cache = "302MiB"
tmpfs = "303MiB"
hugetlb = "304MiB"
kernel_memory = "305MiB"
min_free = "66MiB"
cold_start = true
lacks = ["pressure"]
zswap = { ratio = 2.5, max_pool = "10%" }
zfs_arc = { size = "2GiB", min = "256MiB", per_second = "50MiB" }
expect = { victim = "hog", within = "50s", at_most = 2, by_itself = true, longest_stall = "2s" }

[[swap]]
kind = "disk"
size = "1GiB"
priority = -3
per_second = "80MiB"
swapon_at = "1s"
swapoff_at = "30s"

[[swap]]
kind = "zram"
size = "2GiB"
priority = 5
ratio = 2.9
mem_limit = "700MiB"
per_second = "900MiB"
swapon_at = "2s"
swapoff_at = "31s"

[[suspend]]
at = "20s"
for = "8h"
drops_caches = true

[[cgroup]]
path = "/app"
max = "1GiB"
swap_max = "0KiB"
low = "512MiB"
oom_group = true
preference = "avoid"

[[giver]]
name = "balloon"
holds = "1GiB"
after = "80ms"
behaves = "hangs"

[settings]
headroom.low = "300MiB"

[[settings.memcg]]
path = "/app"

[[process]]
name = "shell"

[[process]]
name = "hog"
copies = 2
pid = 4000
parent = "shell"
uid = 1000
cgroup = "/app/hog"
exe = "/opt/hog"
cmdline = "hog --all"
oom_score_adj = 100
threads = 4
leads_terminal = true
starts_at = "3s"
ends_at = "40s"
lasts = "35s"
anon = "101MiB"
memory = [
  { kind = "steady", for = "1s" },
  { kind = "ramp", by = "10MiB", per_second = "5MiB" },
  { kind = "spike", by = "11MiB", per_second = "6MiB", hold = "2s" },
  { kind = "leak", per_second = "7MiB" },
]
touches_per_second = "20MiB"
hot = "40MiB"
text = "30MiB"
files = { size = "50MiB", per_second = "25MiB" }
reads = { per_second = "31MiB", size = "5GiB", direct = true }
writes = { per_second = "32MiB", size = "6GiB", to = "tmpfs" }
interactive = true
children = { per_second = 2.5, count = 10, at_once = 4, each = { name = "cc1", lasts = "2s" } }
exits_after = "20ms"
exit = { after = "4ms", per_gib = "90ms" }
stops_at = "39s"
shares_memory_with = "shell"
`;

/** Keys that exclude others, or bring processes of their own, and are tested elsewhere. */
const alternatives = new Set(["ignores_sigterm", "kills", "desktop"]);

describe("the keys of a scenario", () => {
  it("are all in one scenario that is understood, and nothing written in it is lost", () => {
    for (const { keys } of Object.values(scenarioKeys)) {
      for (const name of Object.keys(keys)) {
        assert.ok(alternatives.has(name) || new RegExp(`\\b${name}\\b`).test(everything), `${name} is not tried`);
      }
    }
    const reading = readScenario({ path: "all.toml", text: everything });
    assert.ok(
      reading.kind === "scenario",
      reading.kind === "refused" ? reading.problems.map(({ message }) => message).join("\n") : "",
    );
    const { seed, cpus, swappiness, suspends, cgroups, zswap, zfsArc, swaps, processes, ...rest } = reading.scenario;
    assert.deepEqual({ seed, cpus, swappiness }, { seed: 7, cpus: 3, swappiness: 133 });
    assert.deepEqual(rest, {
      duration: 60_000,
      ram: 8 * 2 ** 20,
      diskPerSecond: 301 * 1024,
      diskLatency: 8,
      fileCache: 302 * 1024,
      tmpfs: 303 * 1024,
      hugetlb: 304 * 1024,
      kernelMemory: 305 * 1024,
      minFree: 66 * 1024,
      isColdStart: true,
      lacks: ["pressure"],
    });
    assert.deepEqual(zswap, { ratio: 2.5, maxPool: Math.floor((8 * 2 ** 20) / 10) });
    assert.deepEqual(zfsArc, { size: 2 * 2 ** 20, min: 256 * 1024, perSecond: 50 * 1024 });
    assert.deepEqual(swaps, [
      { kind: "disk", size: 2 ** 20, priority: -3, perSecond: 80 * 1024, swaponAt: 1000, swapoffAt: 30_000 },
      {
        kind: "zram",
        size: 2 * 2 ** 20,
        priority: 5,
        perSecond: 900 * 1024,
        swaponAt: 2000,
        swapoffAt: 31_000,
        ratio: 2.9,
        memLimit: 700 * 1024,
      },
    ]);
    assert.deepEqual(suspends, [{ at: 20_000, for: 8 * 3_600_000, dropsCaches: true }]);
    assert.deepEqual(cgroups, [
      { path: "/app", max: 2 ** 20, swapMax: 0, low: 2 ** 19, diesWhole: true, preference: "avoid" },
    ]);
    assert.deepEqual(reading.givers, [{ name: "balloon", holds: 2 ** 20, after: 80, behaves: "hangs" }]);
    assert.equal(processes[0]?.name, "shell");
    const { memory, ...hog } = processes[1] ?? {};
    assert.equal(memory?.length, 4);
    assert.deepEqual(hog, {
      name: "hog",
      copies: 2,
      pid: 4000,
      parent: "shell",
      uid: 1000,
      cgroup: "/app/hog",
      exe: "/opt/hog",
      cmdline: "hog --all",
      oomScoreAdj: 100,
      threads: 4,
      leadsTerminal: true,
      startsAt: 3000,
      endsAt: 40_000,
      lasts: 35_000,
      anon: 101 * 1024,
      touchesPerSecond: 20 * 1024,
      hot: 40 * 1024,
      text: 30 * 1024,
      files: { size: 50 * 1024, perSecond: 25 * 1024 },
      reads: { perSecond: 31 * 1024, size: 5 * 2 ** 20, isDirect: true },
      writes: { perSecond: 32 * 1024, size: 6 * 2 ** 20, to: "tmpfs" },
      isInteractive: true,
      children: { perSecond: 2.5, count: 10, atOnce: 4, each: { name: "cc1", lasts: 2000, memory: [] } },
      onSigterm: { kind: "exits", after: 20 },
      onExit: { after: 4, perGiB: 90 },
      stopsAt: 39_000,
      sharesMemoryWith: "shell",
    });
  });

  it("are refused in a table they do not belong to", () => {
    const refusals = (text: string) => {
      const reading = readScenario({ path: "wrong.toml", text: `duration = "1s"\nram = "1GiB"\n${text}` });
      return reading.kind === "refused" ? reading.problems.map(({ message }) => message) : [];
    };
    const hog = '\n[[process]]\nname = "hog"\n';
    assert.match(refusals(`swap = { size = "1GiB", ratio = 3 }${hog}`).join(), /"ratio"/);
    assert.match(refusals(`swap = { kind = "zram", size = "1GiB", ratio = "3" }${hog}`).join(), /ratio.*not a number/);
    assert.match(refusals(`[[cgroup]]\npath = "app"${hog}`).join(), /path of a cgroup/);
    assert.match(refusals(`${hog}children = { per_second = 0, each = { name = "c" } }`).join(), /per_second/);
    assert.match(refusals(`${hog}children = { per_second = 1 }`).join(), /without each/);
    assert.match(refusals(`${hog}children = { per_second = 1, each = { nmae = "c" } }`).join(), /"nmae".*write name/);
    assert.match(refusals(`${hog}reads = { size = "1GiB" }`).join(), /without per_second/);
  });

  it("are all explained in the reference", () => {
    const reference = renderScenarioReference();
    for (const { keys, heading } of Object.values(scenarioKeys)) {
      assert.ok(reference.includes(`## ${heading}`));
      for (const name of Object.keys(keys)) assert.ok(reference.includes(`| \`${name}\` |`), name);
    }
  });
});
