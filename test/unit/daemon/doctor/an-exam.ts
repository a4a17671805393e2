import type { Diagnosis, Exam, Severity, Topic } from "#daemon/doctor/diagnosis.ts";
import { examineAll } from "#daemon/doctor/examine.ts";
import { known } from "#domain/snapshot.ts";
import type { Surroundings } from "#domain/surroundings.ts";
import type { SwapDevice, Swaps } from "#domain/swaps.ts";
import { gib, kib, mib, milliseconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type ProcessWish, someMeminfo, someTable } from "#test/support/a-snapshot.ts";

const usual: Surroundings = {
  memoryControl: "cgroup-v2",
  minFree: mib(66),
  swappiness: 60,
  lruMinTtl: milliseconds(0),
  mostOpenFiles: 1024,
  memoryFileSystems: [],
};

const { capabilities: ofSimulation } = aMachine().boot();
/** Of a machine that has everything. */
export const capabilities = { ...ofSimulation, kernelRelease: "6.18.1-amd64", canLowerOomScoreAdj: true };
/** Swap on a disk. */
export const disk: SwapDevice = { path: "/dev/sda2", kind: "partition", size: gib(4), used: kib(0), priority: -2 };
/** Swap in RAM, which is filled first. */
export const zram: SwapDevice = { path: "/dev/zram0", kind: "zram", size: gib(8), used: kib(0), priority: 100 };

/** What is unusual about a machine. */
export interface Wish extends Partial<Omit<Exam, "surroundings" | "snapshot">> {
  readonly surroundings?: Partial<Surroundings>;
  readonly swaps?: Swaps;
  readonly overcommit?: "heuristic" | "never";
  readonly processes?: readonly ProcessWish[];
}

/** A healthy machine with swap, but for what is wished. */
export function diagnose({
  surroundings,
  swaps = { devices: [disk] },
  overcommit = "heuristic",
  processes = [],
  ...rest
}: Wish) {
  return examineAll({
    snapshot: {
      takenAt: milliseconds(0),
      victims: [],
      meminfo: known(someMeminfo({ available: gib(8) })),
      swaps: known(swaps),
      overcommit: known(overcommit),
      processes: known(someTable(processes)),
    },
    headroom: gib(8),
    plan: aPlan(),
    capabilities,
    oomPolicyOf: () => undefined,
    ...rest,
    surroundings: { ...usual, ...surroundings },
  });
}

/** All that is not fine, by topic. */
export const worse = (diagnoses: readonly Diagnosis[]): readonly (readonly [Topic, Severity])[] =>
  diagnoses.filter(({ severity }) => severity !== "fine").map(({ topic, severity }) => [topic, severity]);
