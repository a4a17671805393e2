import { readFileSync } from "node:fs";
import { parseKernelRelease } from "#domain/kernel-release.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, type KiB, kibToPages, oomScoreAdjMin, type Pages, type Pid } from "#domain/units.ts";
import { predictOomScore } from "#engine/oom-score.ts";
import { rssCounterOf } from "#linux/counted-rss.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readProcess } from "#linux/process-reader.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import { kernel } from "#policies/kernel.ts";

/** This machine as its kernel judges it, computed by our own code from what it shows. */
export interface KernelEyes {
  readonly capabilities: Capabilities;
  /** RAM and swap. */
  readonly total: KiB;
  readonly swap: KiB;
  /** All processes now. */
  table(): readonly ProcessFacts[];
  /** One process now. */
  look(at: Pid): ProcessFacts | undefined;
  /** The score that the kernel should show: 0 for whom it would never choose. */
  predict(process: ProcessFacts): number;
}

/** Looks at this machine; `total` does not change while it is used. */
export function openKernelEyes(): KernelEyes {
  using machine = linuxMachine();
  const { capabilities } = machine;
  const { kernelRelease, pageSize } = capabilities;
  const release = parseKernelRelease(kernelRelease);
  const meminfo = knownValue(machine.sense({ needs: ["meminfo"], isPressing: true }).meminfo);
  if (release === undefined || meminfo === undefined) throw new Error("Cannot tell what kernel or how much memory");
  const total = add(meminfo.total, meminfo.swapTotal);
  const totalPages = add(kibToPages(meminfo.total, pageSize), kibToPages(meminfo.swapTotal, pageSize));
  const files = makeProcessFiles("");
  const source = {
    files,
    countRss: rssCounterOf(kernelRelease, pageSize),
    mayHang: false,
  };
  const look = (at: Pid) => readProcess(at, source)?.facts;

  const pointsOf = ({ memory, ...process }: ProcessFacts): Pages | undefined => {
    if (process.isKernelThread || memory === undefined || process.oomScoreAdj === oomScoreAdjMin) return undefined;
    const scope = { total, pageSize };
    return kibToPages(kernel.score({ ...process, memory }, scope, {}).total, pageSize);
  };

  return {
    capabilities,
    total,
    swap: meminfo.swapTotal,
    look,
    table: () => files.listPids().flatMap((pid) => look(pid) ?? []),
    predict(process) {
      const points = pointsOf(process);
      return points === undefined ? 0 : (predictOomScore({ points, totalPages }, release) ?? Number.NaN);
    },
  };
}

/** What the kernel shows. Undefined: it has gone. */
export function readOomScore(of: Pid): number | undefined {
  try {
    return Number(readFileSync(`/proc/${of}/oom_score`, "utf8"));
  } catch {
    return undefined;
  }
}
