import type { OomReport } from "#domain/oom-report.ts";

/** Finds the reports of the kernel's OOM killer in a log that comes in pieces. */
export interface OomReportReader {
  /** The reports that these bytes finished. */
  push(chunk: Uint8Array): readonly OomReport[];
  /** The report that the end of the log finished, if any. */
  end(): readonly OomReport[];
}

/** A reader at the beginning of a log. It never throws, whatever it is given, and its memory does not grow with the log. */
export const makeOomReportReader = (): OomReportReader => ({ push: () => [], end: () => [] });
