import { greatest, type KiB, type Milliseconds, subtract, sum } from "#domain/units.ts";
import { isWell, type VmOutcome } from "#test/vm/play.ts";
import type { GuardSample } from "#test/vm/record.ts";
import type { VmStory } from "#test/vm/story.ts";
import { type Recovery, recoveryOf } from "./recovery.ts";

/** What one run of one story under one guard came to. */
export interface Figures {
  /** Whoever had to go went, by the guard's hand, and nobody else. */
  readonly isRight: boolean;
  /** comm of everybody the guard ended. */
  readonly victims: readonly string[];
  /** comm of everybody the kernel's own OOM killer ended. */
  readonly byKernel: readonly string[];
  /** How many died who should not have, by whose hand ever. */
  readonly collateral: number;
  readonly longestStall: Milliseconds;
  /** All waits of those who sit before the machine together. */
  readonly stalled: Milliseconds;
  readonly recovery: Recovery;
  /** Undefined: nobody watched. */
  readonly guard: GuardFigures | undefined;
}

/** What a guard took for itself while a story was played. */
export interface GuardFigures {
  /** The largest. */
  readonly resident: KiB;
  /** Those that needed the disk. */
  readonly majorFaults: number;
  readonly cpu: Milliseconds;
}

/** The figures of a run. */
export function figuresOf({ file, expectation }: VmStory, outcome: VmOutcome): Figures {
  const { record, longestStall } = outcome;
  const { victims, byKernel } = record.deaths;
  const namesOf = (list: readonly { readonly comm: string }[]): readonly string[] => list.map(({ comm }) => comm);
  const isMeant = (comm: string): boolean => expectation.kind === "kill" && comm === expectation.victim;
  return {
    isRight: isWell(outcome),
    victims: namesOf(victims),
    byKernel: namesOf(byKernel),
    collateral: namesOf([...victims, ...byKernel]).filter((comm) => !isMeant(comm)).length,
    longestStall,
    stalled: sum(record.stalls.map(({ took }) => took)),
    recovery: recoveryOf(record, file.scenario.ram),
    guard: guardFigures(record.guard),
  };
}

function guardFigures(samples: readonly GuardSample[]): GuardFigures | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const resident = samples.map((sample) => sample.resident).reduce((most, each) => greatest(most, each));
  return { resident, majorFaults: last.majorFaults - first.majorFaults, cpu: subtract(last.cpu, first.cpu) };
}
