import { type KiB, mib } from "#domain/units.ts";

/** Where a recording goes, and what is in it. */
export interface RecordingChoice {
  readonly path: string;
  /** A regular file that is there is taken away first. */
  readonly replaces: boolean;
  /** With the names of tasks, programs and cgroups; never with command lines. */
  readonly hasNames: boolean;
  readonly limit: KiB;
}

/** More than half a day of calm, and a day with some trouble is a part of it. */
export const largestRecording = mib(64);

/** A choice from what a command line says. */
export const recordingChoice = (
  path: string,
  { names, force }: { readonly names: boolean; readonly force: boolean },
  limit: KiB = largestRecording,
): RecordingChoice => ({ path: placeAt(path, new Date()), replaces: force, hasNames: names, limit });

/** A service that is started again needs another file each time: `{time}` in a name is the time it is made. */
export const placeAt = (path: string, time: Date): string =>
  path.replaceAll("{time}", time.toISOString().replaceAll(":", "-"));
