import { parseDocument } from "#config/document.ts";
import { hasErrors, type Problem, problem } from "#config/problem.ts";
import type { SourceText } from "#config/source-text.ts";
import { nameOf, type ValueType, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import { gib, type KiB } from "#domain/units.ts";
import type { Lack, Scenario } from "#simulated/scenario.ts";
import { type Expectation, readExpectation } from "./scenario-expect.ts";
import { readProcess } from "./scenario-process.ts";
import { type RamSizes, ramSizes, readSize, requireSize, requireSpan, type StoryReader } from "./scenario-values.ts";
import {
  map,
  readerOf,
  readRequired,
  readTable,
  readTables,
  readValue,
  refuseUnknownKeys,
  type TableReader,
} from "./table-reader.ts";

/** A story to be played on the simulated machine. */
export interface ScenarioFile {
  readonly title: string;
  readonly scenario: Scenario;
  /** The sizes of RAM it is told for; the first is the one it is played at where nobody asks for another. */
  readonly sizes: RamSizes;
  readonly expectation: Expectation | undefined;
}

/** A scenario, or all that is wrong with it. */
export type ScenarioReading =
  | ({ readonly kind: "scenario" } & ScenarioFile)
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

const lacks: readonly Lack[] = ["pressure", "pressure-triggers", "process-mrelease", "mem-available"];
const machineKeys = [
  "title",
  "seed",
  "duration",
  "ram",
  "cpus",
  "swap",
  "disk_per_second",
  "file_cache",
  "kernel_memory",
  "min_free",
  "lacks",
  "process",
  "expect",
];

const lackList: ValueType<readonly Lack[]> = {
  wants: `a list of ${lacks.map((lack) => `"${lack}"`).join(", ")}`,
  read: (written) => {
    const list: readonly unknown[] = Array.isArray(written) ? written : [written];
    const known = lacks.filter((lack) => list.includes(lack));
    return known.length === list.length
      ? { kind: "value", value: known }
      : { kind: "refused", found: "not everything in it is known here", wanted: `write ${lackList.wants}` };
  },
  show: (value) => value.join(", "),
};

function readSwap(reader: StoryReader): Scenario["swap"] {
  refuseUnknownKeys(reader, ["size", "per_second"]);
  return { size: requireSize(reader, "size"), perSecond: requireSize(reader, "per_second") };
}

function readMachine(document: TableReader, chosen: KiB | undefined): ScenarioFile {
  refuseUnknownKeys(document, machineKeys);
  const sizes = readRequired(document, "ram", { type: ramSizes, fallback: [gib(1)] });
  const ram = chosen ?? sizes[0];
  const reader: StoryReader = { ...document, ram };
  const processes = readTables(reader, "process").map(readProcess);
  if (processes.length === 0) {
    const place = { source: reader.document.source, span: { start: 0, end: 0 } };
    reader.problems.push(
      problem(place, "Cannot play a scenario without a process: nothing would happen; add [[process]]"),
    );
  }
  return {
    title: readValue(reader, "title", nameOf("the scenario")) ?? reader.document.source.path,
    sizes,
    expectation: map(readTable(reader, "expect"), readExpectation),
    scenario: {
      seed: readValue(reader, "seed", whole([0, 2 ** 31])) ?? 1,
      duration: requireSpan(reader, "duration"),
      ram,
      processes,
      ...present({
        cpus: readValue(reader, "cpus", whole([1, 1024])),
        swap: map(readTable(reader, "swap"), readSwap),
        diskPerSecond: readSize(reader, "disk_per_second"),
        fileCache: readSize(reader, "file_cache"),
        kernelMemory: readSize(reader, "kernel_memory"),
        minFree: readSize(reader, "min_free"),
        lacks: readValue(reader, "lacks", lackList),
      }),
    },
  };
}

/** Reads a scenario, for a machine of its first size or of the chosen one; tells all that is wrong with it at once. */
export function readScenario(source: SourceText, ram?: KiB): ScenarioReading {
  const parsed = parseDocument(source);
  if (parsed.kind === "refused") return { kind: "refused", problems: [parsed.problem] };
  const problems: Problem[] = [];
  const file = readMachine(readerOf(parsed.document, problems), ram);
  return hasErrors(problems) ? { kind: "refused", problems } : { kind: "scenario", ...file };
}
