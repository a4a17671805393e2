import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Diagnosis } from "#daemon/doctor/diagnosis.ts";
import { kib, mib } from "#domain/units.ts";
import { makeDataImage, makeEmptyImage } from "./disks.ts";
import { earlyoomGuard, kernelAlone, startGuard, type VmGuard } from "./guards.ts";
import { runGuest } from "./guest.ts";
import { initramfs } from "./initramfs.ts";
import type { Kernel, KernelSeries } from "./kernel.ts";
import { cgroupsV1, cgroupsV2 } from "./preparation.ts";

/** A guest for `tidemark doctor` to look at. */
export interface Patient {
  readonly name: string;
  readonly series: KernelSeries;
  /** Added to the command line of the kernel. */
  readonly commandLine: string;
  readonly cgroups: readonly string[];
  readonly hasSwap: boolean;
  readonly guard: VmGuard;
  /** What has to be found, and nothing else that is not fine. */
  readonly findings: readonly Finding[];
}

interface Finding extends Pick<Diagnosis, "topic" | "severity"> {
  readonly says: RegExp;
}

const well: Patient = {
  name: "nothing",
  series: "6.12",
  commandLine: "cgroup_no_v1=all psi=1",
  cgroups: cgroupsV2,
  hasSwap: true,
  guard: kernelAlone,
  findings: [],
};

const oldKernel: Finding = {
  topic: "kernel",
  severity: "note",
  says: /^Linux 6\.1\.\S+ lacks .*\(6\.2\), .*\(6\.4\)$/,
};

/** One that lacks nothing, and one with each fault. */
export const patients: readonly Patient[] = [
  well,
  {
    ...well,
    name: "PSI off",
    commandLine: "cgroup_no_v1=all psi=0",
    findings: [{ topic: "kernel", severity: "fault", says: /^no pressure stall information$/ }],
  },
  {
    ...well,
    name: "no swap",
    hasSwap: false,
    findings: [{ topic: "swap", severity: "note", says: /^there is no swap$/ }],
  },
  {
    ...well,
    name: "earlyoom",
    guard: earlyoomGuard,
    findings: [
      { topic: "killers", severity: "fault", says: /^earlyoom is running, pid \d+ \(earlyoom -r 3600\); it watches / },
    ],
  },
  { ...well, name: "Linux 6.1", series: "6.1", findings: [oldKernel] },
  {
    ...well,
    name: "cgroup v1",
    // Debian's 6.12 has no memory controller of version 1 any more.
    series: "6.1",
    commandLine: "psi=1",
    cgroups: cgroupsV1,
    findings: [oldKernel, { topic: "cgroups", severity: "note", says: /^memory is controlled by cgroup v1$/ }],
  },
];

/** What doctor said of a patient. */
export interface Examined {
  readonly diagnoses: readonly Pick<Diagnosis, "topic" | "severity" | "finding">[];
  readonly exitStatus: number | undefined;
  /** What the guest said besides. */
  readonly console: string;
}

/** On what, and where. */
export interface Practice {
  readonly kernel: Kernel;
  readonly rootImage: string;
  readonly folder: string;
}

const swapSize = mib(64);

function prepare({ cgroups, hasSwap }: Patient): string {
  const swapOn = hasSwap ? ["mkswap /dev/vdc > /dev/null", "swapon /dev/vdc"] : [];
  return `${[...cgroups, "mkdir -p /sys/fs/cgroup/system.slice", ...swapOn].join("\n")}\n`;
}

/** Its exit status follows what it says, on a line of its own. */
const ask = "node /opt/tidemark/dist/src/cli/main.js doctor --json > /dev/record\necho exit $? > /dev/record\n";

/** Reads what {@link ask} wrote. */
export function readExamination(text: string): Omit<Examined, "console"> {
  const lines = text.split("\n");
  const [, exitStatus] = /^exit (\d+)$/m.exec(text) ?? [];
  return {
    diagnoses: lines.filter((line) => line.includes('"tidemark.doctor.diagnosis/1"')).map((line) => JSON.parse(line)),
    exitStatus: exitStatus === undefined ? undefined : Number(exitStatus),
  };
}

/** Boots a guest with a fault seeded, and asks doctor. */
export async function examinePatient(patient: Patient, { kernel, rootImage, folder }: Practice): Promise<Examined> {
  const work = mkdtempSync(join(folder, "patient-"));
  const swap = join(work, "swap");
  makeEmptyImage(swap, swapSize);
  try {
    const { record, console } = await runGuest({
      kernel,
      initramfs: initramfs(kernel, [
        { path: "/story/prepare", content: prepare(patient) },
        { path: "/story/guard", content: startGuard(patient.guard) },
        { path: "/story/limit-disks", content: "" },
        { path: "/story/play", content: ask },
      ]),
      memoryMiB: 1024,
      cpus: 1,
      disks: [rootImage, makeDataImage(kib(0), kib(0)), swap],
      commandLine: patient.commandLine,
      folder: work,
    });
    return { ...readExamination(record), console };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Why doctor is wrong about a patient; undefined: it is not. */
export function misjudgement({ findings }: Patient, { diagnoses, exitStatus }: Examined): string | undefined {
  const isFound = ({ topic, severity, says }: Finding, told: Examined["diagnoses"][number]): boolean =>
    topic === told.topic && severity === told.severity && says.test(told.finding);
  const missed = findings.find((finding) => !diagnoses.some((told) => isFound(finding, told)));
  if (missed !== undefined) return `it does not find ${missed.says}`;
  const isExpected = (told: Examined["diagnoses"][number]): boolean =>
    findings.some((finding) => isFound(finding, told));
  const strange = diagnoses.find((told) => told.severity !== "fine" && !isExpected(told));
  if (strange !== undefined) return `it finds what is not there: ${strange.topic}: ${strange.finding}`;
  const expected = findings.some(({ severity }) => severity === "fault") ? 1 : 0;
  return exitStatus === expected ? undefined : `its exit status is ${exitStatus}, and not ${expected}`;
}
