import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { calibrationFolder } from "#test/support/calibration/read-story.ts";
import { type KernelSeries, kernelSeries } from "#test/vm/kernel.ts";
import { type GuestRun, parseRun } from "./guest-run.ts";

/** A story, as guests with one kernel played it. */
export interface RecordedGuest {
  /** A file of `test/vm/scenarios`. */
  readonly story: string;
  readonly series: KernelSeries;
  readonly runs: readonly GuestRun[];
}

/** By what its bounds are found. */
export const keyOf = ({ series, story }: RecordedGuest): string => `${series} ${story}`;

/** Where runs of guests with one kernel lie, `STORY-N.tsv` each. */
export const guestFolder = (series: KernelSeries): string => join(calibrationFolder, "guests", series);

const named = /^(.+)-\d+\.tsv$/;

/** All that was recorded of guests. */
export const recordedGuests = (): readonly RecordedGuest[] =>
  kernelSeries.flatMap((series) => {
    const folder = guestFolder(series);
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    const stories = new Set(files.flatMap((file) => named.exec(file)?.[1] ?? []));
    return [...stories].map((story) => ({
      story,
      series,
      runs: files
        .filter((file) => named.exec(file)?.[1] === story)
        .map((file) => parseRun(readFileSync(join(folder, file), "utf8"))),
    }));
  });
