import type { KiB } from "#domain/units.ts";
import type { VmOutcome } from "#test/vm/play.ts";
import type { VmStory } from "#test/vm/story.ts";

/** What one run of one story under one guard came to; plain data, one line of a ledger. */
export interface LabFigures {
  readonly story: string;
  readonly guard: string;
  readonly kernel: string;
  /** Whoever had to go went, by the guard's hand, and nobody else. */
  readonly is_right: boolean;
  /** comm of everybody the guard ended. */
  readonly victims: readonly string[];
  /** comm of everybody the kernel's own OOM killer ended. */
  readonly kernel_victims: readonly string[];
  /** How many died who should not have, by whose hand ever. */
  readonly collateral: number;
  /** When the guard's first victim was gone. */
  readonly first_kill_ms?: number;
  readonly longest_stall_ms: number;
  /** All waits of those who sit before the machine together. */
  readonly stalled_ms: number;
  /** The least memory that was available. */
  readonly least_available_kib?: number;
  /** Of the guard: its largest resident memory, faults that needed the disk, and processor time, since the story began. */
  readonly guard_resident_kib?: number;
  readonly guard_major_faults?: number;
  readonly guard_cpu_ms?: number;
  readonly troubles: readonly string[];
}

/** Of what a run is measured. */
export interface Run {
  readonly story: VmStory;
  readonly guard: string;
  readonly kernel: string;
}

/** The figures of a run. */
export function figuresOf({ story, guard, kernel }: Run, outcome: VmOutcome): LabFigures {
  const { record, longestStall, disappointments } = outcome;
  const { victims, byKernel } = record.deaths;
  const { expectation } = story;
  const isMeant = ({ comm }: { readonly comm: string }): boolean =>
    expectation.kind === "kill" && comm === expectation.victim;
  const [first] = victims;
  return {
    story: story.name,
    guard,
    kernel,
    is_right: disappointments.length === 0,
    victims: victims.map(({ comm }) => comm),
    kernel_victims: byKernel.map(({ comm }) => comm),
    collateral: [...victims, ...byKernel].filter((each) => !isMeant(each)).length,
    ...(first && { first_kill_ms: Math.round(first.at) }),
    longest_stall_ms: Math.round(longestStall),
    stalled_ms: Math.round(record.stalls.reduce((sum: number, { took }) => sum + took, 0)),
    ...least(record.memory.map(({ available }) => available)),
    ...guardFigures(record.guard),
    troubles: record.troubles,
  };
}

const least = (available: readonly KiB[]): Pick<LabFigures, "least_available_kib"> =>
  available.length === 0 ? {} : { least_available_kib: Math.min(...available) };

type GuardSamples = VmOutcome["record"]["guard"];

function guardFigures(
  samples: GuardSamples,
): Pick<LabFigures, "guard_resident_kib" | "guard_major_faults" | "guard_cpu_ms"> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    guard_resident_kib: Math.max(...samples.map(({ resident }) => resident)),
    guard_major_faults: last.majorFaults - first.majorFaults,
    guard_cpu_ms: last.cpu - first.cpu,
  };
}
