import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Severity, Topic } from "#daemon/doctor/diagnosis.ts";
import { isHealthy } from "#daemon/doctor/examine.ts";
import { gib, mib, milliseconds, percent } from "#domain/units.ts";
import { watching } from "#test/support/a-memcg.ts";
import { aPlan, marks } from "#test/support/a-plan.ts";
import { capabilities, diagnose, disk, type Wish, worse, zram } from "./an-exam.ts";

describe("the doctor", () => {
  it("finds nothing on a machine where nothing is wrong, and says what was looked at", () => {
    const diagnoses = diagnose({});
    assert.deepEqual(worse(diagnoses), []);
    assert.deepEqual(
      new Set(diagnoses.map(({ topic }) => topic)),
      new Set(["kernel", "rights", "memory", "swap", "cgroups", "killers", "watermarks"]),
    );
    assert.ok(isHealthy(diagnoses));
  });

  const findings: readonly (readonly [string, Wish, readonly (readonly [Topic, Severity])[], RegExp])[] = [
    [
      "pressure that is switched off",
      { capabilities: { ...capabilities, hasPressure: false } },
      [["kernel", "fault"]],
      /psi=1/,
    ],
    [
      "a kernel without process_mrelease",
      { capabilities: { ...capabilities, hasProcessMrelease: false } },
      [["kernel", "warning"]],
      /5\.15/,
    ],
    [
      "an old kernel",
      { capabilities: { ...capabilities, kernelRelease: "6.1.0-50-cloud-amd64" } },
      [["kernel", "note"]],
      /without CAP_SYS_RESOURCE \(6\.4\)/,
    ],
    [
      "a kernel that tells no version",
      { capabilities: { ...capabilities, kernelRelease: "gvisor" } },
      [["kernel", "note"]],
      /gvisor/,
    ],
    [
      "a kernel that panics",
      {
        capabilities: {
          ...capabilities,
          oomSysctls: { panicOnOom: "global", killsAllocatingTask: false, dumpsTasks: true },
        },
      },
      [["kernel", "warning"]],
      /vm\.panic_on_oom is 1/,
    ],
    [
      "no right to signal",
      { capabilities: { ...capabilities, canSignalOthers: false } },
      [["rights", "fault"]],
      /CAP_KILL/,
    ],
    [
      "no right to lower an adj",
      { capabilities: { ...capabilities, canLowerOomScoreAdj: false } },
      [["rights", "note"]],
      /CAP_SYS_RESOURCE/,
    ],
    ["few open files", { surroundings: { mostOpenFiles: 64 } }, [["rights", "warning"]], /only 64 files/],
    [
      "memory kept free in plenty",
      { surroundings: { minFree: gib(1) } },
      [["memory", "warning"]],
      /1 GiB free, 6\.3 % of RAM/,
    ],
    [
      "a kernel that kills for a working set",
      { surroundings: { lruMinTtl: milliseconds(1000) } },
      [["memory", "warning"]],
      /1000 ms/,
    ],
    ["strict overcommit", { overcommit: "never" }, [["memory", "warning"]], /overcommit_memory is 2/],
    [
      "files in memory",
      {
        surroundings: {
          memoryFileSystems: [
            { mountPoint: "/tmp", size: gib(8), used: gib(2) },
            { mountPoint: "/run", size: gib(1), used: mib(1) },
          ],
        },
      },
      [["memory", "warning"]],
      /2 GiB are files in memory: 2 GiB in \/tmp \(|2 GiB in \/tmp\b(?!.*\/run)/,
    ],
    ["no swap", { swaps: { devices: [] } }, [["swap", "note"]], /no swap/],
    [
      "zswap before zram",
      { swaps: { devices: [zram], zswap: { maxPool: percent(20) } } },
      [["swap", "warning"]],
      /twice/,
    ],
    [
      "a disk that is filled before zram",
      { swaps: { devices: [{ ...disk, priority: 200 }, zram] } },
      [["swap", "warning"]],
      /priority/,
    ],
    ["swap that is hardly used", { surroundings: { swappiness: 0 } }, [["swap", "note"]], /swappiness is 0/],
    ["cgroup v1", { surroundings: { memoryControl: "cgroup-v1" } }, [["cgroups", "note"]], /cgroup_no_v1=all/],
    ["cgroups without memory", { surroundings: { memoryControl: "none" } }, [["cgroups", "note"]], /controller/],
    [
      "another killer",
      { processes: [{ pid: 50, comm: "earlyoom", cmdline: "/usr/bin/earlyoom -m 5" }] },
      [["killers", "fault"]],
      /pid 50 \(\/usr\/bin\/earlyoom -m 5\)/,
    ],
    ["headroom below low", { headroom: marks.min }, [["watermarks", "warning"]], /at once/],
  ];
  for (const [what, wish, expected, words] of findings) {
    it(`finds ${what}, and says what to do`, () => {
      const diagnoses = diagnose(wish);
      assert.deepEqual(worse(diagnoses), expected);
      const [found] = diagnoses.filter(({ severity }) => severity !== "fine");
      assert.match(`${found?.finding} | ${found?.consequence} | ${found?.advice}`, words);
      assert.ok(found?.consequence && found.advice);
      assert.equal(isHealthy(diagnoses), !expected.some(([, severity]) => severity === "fault"));
    });
  }

  it("takes no notice of what a killer left behind, nor of who is only called like one in part", () => {
    assert.deepEqual(
      worse(
        diagnose({
          processes: [
            { pid: 50, comm: "earlyoomish" },
            { pid: 51, comm: "oomd", isKernelThread: true },
          ],
        }),
      ),
      [],
    );
  });

  const watchful = aPlan({ memcgs: watching("/app") });
  it("takes memcgs that cannot be watched for a fault where the settings name some", () => {
    assert.deepEqual(worse(diagnose({ plan: watchful, surroundings: { memoryControl: "none" } })), [
      ["cgroups", "fault"],
    ]);
    assert.deepEqual(worse(diagnose({ plan: watchful, surroundings: { memoryControl: "cgroup-v1" } })), [
      ["cgroups", "warning"],
    ]);
  });
});
