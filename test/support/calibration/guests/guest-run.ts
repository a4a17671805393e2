import { type KiB, kib, type Microseconds, type Milliseconds, microseconds, milliseconds } from "#domain/units.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";

/** What a machine told while a story was played on it and nobody but the kernel watched: a real guest, or the simulated one. */
export interface GuestRun {
  /** What its kernel calls itself. */
  readonly kernel: string;
  /** MemTotal. */
  readonly total: KiB;
  /** What memory was, the earliest first; counters begin with the story. */
  readonly samples: readonly MemorySample[];
  /** Wakes of somebody at the machine that came late. */
  readonly waits: readonly { readonly at: Milliseconds; readonly took: Milliseconds }[];
  /** Whom the kernel killed, in order. */
  readonly kills: readonly { readonly at: Milliseconds; readonly comm: string }[];
  readonly lasted: Milliseconds;
}

const columns = [
  "at",
  "available",
  "swapFree",
  "anon",
  "free",
  "files",
  "some",
  "full",
  "fileRefaults",
  "anonRefaults",
] as const satisfies readonly (keyof MemorySample)[];

/** A run as text, for a file: a line for each thing that happened, sizes in KiB, times in ms, pressure in µs. */
export function printRun({ kernel, total, samples, waits, kills, lasted }: GuestRun): string {
  return [
    `kernel\t${kernel}`,
    `total\t${total}`,
    `lasted\t${lasted}`,
    ...kills.map(({ at, comm }) => `killed\t${at}\t${comm}`),
    ...waits.map(({ at, took }) => `waited\t${at}\t${took}`),
    `memory\t${columns.join("\t")}`,
    ...samples.map((sample) => `\t${columns.map((column) => sample[column]).join("\t")}`),
    "",
  ].join("\n");
}

/** Reads what {@link printRun} wrote. */
export function parseRun(text: string): GuestRun {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const of = (wanted: string): readonly (readonly string[])[] =>
    lines.filter(([kind]) => kind === wanted).map(([, ...fields]) => fields);
  const time = (field: string | undefined): Milliseconds => milliseconds(Number(field));
  return {
    kernel: of("kernel")[0]?.[0] ?? "",
    total: kib(Number(of("total")[0]?.[0])),
    lasted: time(of("lasted")[0]?.[0]),
    kills: of("killed").map(([at, comm = ""]) => ({ at: time(at), comm })),
    waits: of("waited").map(([at, took]) => ({ at: time(at), took: time(took) })),
    samples: of("")
      .filter((fields) => fields.length === columns.length)
      .map(sampleOf),
  };
}

function sampleOf(fields: readonly string[]): MemorySample {
  const told = (column: (typeof columns)[number]): number => Number(fields[columns.indexOf(column)]);
  const size = (column: (typeof columns)[number]): KiB => kib(told(column));
  const stalled = (column: "some" | "full"): Microseconds => microseconds(told(column));
  return {
    at: milliseconds(told("at")),
    available: size("available"),
    swapFree: size("swapFree"),
    anon: size("anon"),
    free: size("free"),
    files: size("files"),
    some: stalled("some"),
    full: stalled("full"),
    fileRefaults: size("fileRefaults"),
    anonRefaults: size("anonRefaults"),
  };
}
