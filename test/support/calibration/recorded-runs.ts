import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Told } from "./moments.ts";
import { calibrationFolder } from "./read-story.ts";
import type { Story } from "./stories.ts";

/** One run on a real machine. */
export interface RecordedRun extends Told {
  /** Tasks that wanted a processor, on average, in the minute before. */
  readonly load: number;
  /** How busy the processors were during it, with everybody on the machine: 1 is all of them, always. */
  readonly busyShare: number;
}

/** What was recorded of a story, in `test/fixtures/calibration/<name>.json`. */
export interface Recorded {
  readonly story: string;
  readonly recordedAt: string;
  readonly tidemark: string;
  readonly machine: {
    readonly kernel: string;
    readonly architecture: string;
    readonly cpus: number;
    readonly ramKiB: number;
    readonly swapKiB: number;
    readonly node: string;
    /** Of whoever took part in a run. */
    readonly scheduling: string;
  };
  readonly runs: readonly RecordedRun[];
  /** Runs that say nothing of the story, and why. */
  readonly disturbed: readonly string[];
}

/** Where it lies. */
export const recordedPath = ({ name }: Story): string => join(calibrationFolder, `${name}.json`);

/** Reads it. */
export function readRecorded(story: Story): Recorded {
  return JSON.parse(readFileSync(recordedPath(story), "utf8"));
}
