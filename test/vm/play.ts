import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Disappointment, judgeStory, longestStallUntil } from "#daemon/scenario/judge-story.ts";
import { kibToMiB, type Milliseconds, milliseconds } from "#domain/units.ts";
import { castOf } from "./cast.ts";
import { makeDataImage, makeEmptyImage } from "./disks.ts";
import { startGuard, type VmGuard } from "./guards.ts";
import { type GuestOutput, runGuest } from "./guest.ts";
import { initramfs } from "./initramfs.ts";
import type { Kernel } from "./kernel.ts";
import { commandLineOf, diskSwaps, limitDisks, performance, preparation } from "./preparation.ts";
import { type GuestRecord, readRecord } from "./record.ts";
import type { VmStory } from "./story.ts";

/** How a story went. */
export interface VmOutcome {
  readonly output: GuestOutput;
  readonly record: GuestRecord;
  /** Why it did not end as expected. How long anybody waited is a figure here, and no verdict. */
  readonly disappointments: readonly Disappointment[];
  readonly longestStall: Milliseconds;
}

/** Under whom, on what, and where. */
export interface Stage {
  readonly guard: VmGuard;
  readonly kernel: Kernel;
  /** Of the root disk. */
  readonly rootImage: string;
  /** For what a guest needs while it runs. */
  readonly folder: string;
  /** Ends a guest before its time. */
  readonly limit?: AbortSignal;
}

/** Plays a story in a guest of its own. */
export async function playInGuest(story: VmStory, stage: Stage): Promise<VmOutcome> {
  const { guard, kernel, rootImage, folder, limit } = stage;
  const { scenario, settings } = story.file;
  const work = mkdtempSync(join(folder, `${story.name}-`));
  try {
    const cast = castOf(scenario);
    const swaps = diskSwaps(scenario).map(({ size }, index) => {
      const image = join(work, `swap-${index}`);
      makeEmptyImage(image, size);
      return image;
    });
    const output = await runGuest({
      kernel,
      initramfs: initramfs(kernel, [
        { path: "/story/cast", content: cast.text },
        { path: "/story/settings.toml", content: settings?.text ?? "" },
        { path: "/story/prepare", content: preparation(story, cast, guard) },
        { path: "/story/limit-disks", content: limitDisks(scenario, cast, guard) },
        { path: "/story/guard", content: startGuard(guard) },
        { path: "/story/play", content: performance(story) },
      ]),
      memoryMiB: Math.round(kibToMiB(scenario.ram)),
      cpus: scenario.cpus ?? 1,
      disks: [rootImage, makeDataImage(cast.data, cast.written), ...swaps],
      commandLine: commandLineOf(scenario),
      folder: work,
      ...(limit && { limit }),
    });
    return judgeGuest(story, output);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Judges what a guest said. That must not depend on the host, so stalls are told, and not held against anybody. */
export function judgeGuest({ expectation }: VmStory, output: GuestOutput): VmOutcome {
  const record = readRecord(output.record, output.console);
  const troubles = output.isStuck ? ["it did not switch itself off", ...record.troubles] : record.troubles;
  return {
    output,
    record: { ...record, troubles },
    longestStall: longestStallUntil(record.stalls, milliseconds(Number.MAX_SAFE_INTEGER)),
    disappointments: judgeStory(expectation, record.deaths, []),
  };
}

/** It ended as it had to, and the guest itself was well. */
export const isWell = ({ disappointments, record }: VmOutcome): boolean =>
  disappointments.length === 0 && record.troubles.length === 0;
