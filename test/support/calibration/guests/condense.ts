import { type Milliseconds, milliseconds, subtract } from "#domain/units.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";
import type { GuestRecord } from "#test/vm/record.ts";
import type { GuestRun } from "./guest-run.ts";

/** So many samples of a run are kept: enough to see how it went, and few enough to be kept. */
const mostSamples = 100;

/**
 * What is kept of what a guest told: all that happened, and samples that are spread over the run evenly.
 * @throws Error for a run that says nothing of a machine without a guard
 */
export function condenseRecord(kernel: string, record: GuestRecord): GuestRun {
  const { total, memory, stalls, deaths, lasted, troubles } = record;
  const [first] = memory;
  if (troubles.length > 0) throw new Error(`the guest was not well: ${troubles.join("; ")}`);
  if (total === undefined || first === undefined) throw new Error("it does not say how much memory the guest had");
  if (deaths.victims.length > 0) throw new Error(`somebody other than the kernel ended ${deaths.victims[0]?.comm}`);
  const interval = lasted / mostSamples;
  let due = 0;
  const samples: MemorySample[] = [];
  for (const sample of memory) {
    if (sample.at < due) continue;
    samples.push(fromBeginning(sample, first));
    due = Math.max(due + interval, sample.at - interval);
  }
  return {
    kernel,
    total,
    samples,
    waits: stalls.map(({ at, took }) => ({ at: whole(at), took: whole(took) })),
    kills: deaths.byKernel.map(({ at, comm }) => ({ at: whole(at), comm })),
    lasted: whole(lasted),
  };
}

const whole = (time: Milliseconds): Milliseconds => milliseconds(Math.round(time));

const fromBeginning = (sample: MemorySample, first: MemorySample): MemorySample => ({
  ...sample,
  at: whole(sample.at),
  some: subtract(sample.some, first.some),
  full: subtract(sample.full, first.full),
  fileRefaults: subtract(sample.fileRefaults, first.fileRefaults),
  anonRefaults: subtract(sample.anonRefaults, first.anonRefaults),
});
