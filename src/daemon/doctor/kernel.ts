import { unusualSysctls } from "#daemon/unusual-sysctls.ts";
import { isSince, parseKernelRelease } from "#domain/kernel-release.ts";
import type { CheckUp, Diagnosis } from "./diagnosis.ts";
import { lackOf } from "./lack.ts";

/** Something a release brought that we use where it is. What older ones lack is done in another way, or not at all. */
interface KernelFeature {
  readonly since: readonly [major: number, minor: number];
  readonly name: string;
  readonly without: string;
}

/** Youngest last. Features that a machine can be asked about are capabilities, and not in here. */
const features: readonly KernelFeature[] = [
  {
    since: [5, 9],
    name: "refaults of anonymous memory, told apart",
    without: "thrashing is judged by all refaults together",
  },
  { since: [5, 19], name: "memory.reclaim", without: 'no [[giver]] can be of kind "reclaim"' },
  {
    since: [6, 2],
    name: "memory counters that are summed per processor",
    without: "a score of policy kernel may be 64 pages off for each thread",
  },
  {
    since: [6, 4],
    name: "pressure triggers without CAP_SYS_RESOURCE",
    without: "a daemon without that capability is not woken by a stall, and sees it at its next look",
  },
];

/** The release, what it lacks, and how its own OOM killer is set. */
export const examineKernel: CheckUp = ({ capabilities }) => [
  release(capabilities),
  ...lackOf("kernel", capabilities),
  ...unusualSysctls(capabilities.oomSysctls).map(({ sysctl, sysctl_value, consequence, advice }): Diagnosis => {
    return { topic: "kernel", severity: "warning", finding: `${sysctl} is ${sysctl_value}`, consequence, advice };
  }),
];

function release({ kernelRelease }: Parameters<CheckUp>[0]["capabilities"]): Diagnosis {
  const topic = "kernel";
  const parsed = parseKernelRelease(kernelRelease);
  if (parsed === undefined) {
    return {
      topic,
      severity: "note",
      finding: `release ${kernelRelease}, which tells no version`,
      consequence: "what it lacks is known only as far as it can be tried",
      advice: "see the lines below for what it lacks",
    };
  }
  const lacking = features.filter(({ since }) => !isSince(parsed, since));
  if (lacking.length === 0)
    return { topic, severity: "fine", finding: `Linux ${kernelRelease} has all that tidemark uses` };
  return {
    topic,
    severity: "note",
    finding: `Linux ${kernelRelease} lacks ${lacking.map(({ name, since }) => `${name} (${since.join(".")})`).join(", ")}`,
    consequence: lacking.map(({ without }) => without).join("; "),
    advice: "nothing has to be done; a younger kernel would do it better",
  };
}
