import { parseDocument, writeTable } from "#config/document.ts";
import { hasErrors, type Problem, problem } from "#config/problem.ts";
import type { SourceText } from "#config/source-text.ts";
import { flag, nameOf, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import { gib, type KiB } from "#domain/units.ts";
import type { GiverScript } from "#simulated/givers.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { desktopOf } from "./desktop.ts";
import { type Expectation, readExpectation } from "./scenario-expect.ts";
import { keysOf } from "./scenario-keys.ts";
import { lackList, readArc, readCgroup, readGiver, readSuspend, readSwaps, readZswap } from "./scenario-machine.ts";
import { readProcess } from "./scenario-process.ts";
import { type RamSizes, ramSizes, readSize, requireSpan, type StoryReader, span } from "./scenario-values.ts";
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
  /** Who gives memory back when the settings have him asked. */
  readonly givers: readonly GiverScript[];
  /** What the story itself says to the settings it is played under. */
  readonly settings: SourceText | undefined;
}

/** A scenario, or all that is wrong with it. */
export type ScenarioReading =
  | ({ readonly kind: "scenario" } & ScenarioFile)
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

function readMachine(document: TableReader, chosen: KiB | undefined): ScenarioFile {
  refuseUnknownKeys(document, keysOf("machine"));
  const sizes = readRequired(document, "ram", { type: ramSizes, fallback: [gib(1)] });
  const ram = chosen ?? sizes[0];
  const reader: StoryReader = { ...document, ram };
  const desktop = map(readSize(reader, "desktop"), desktopOf) ?? [];
  const processes = [...desktop, ...readTables(reader, "process").map(readProcess)];
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
    givers: readTables(reader, "giver").map(readGiver),
    settings: map(readTable(reader, "settings"), ({ document: { source }, table }) =>
      writeTable(`settings of ${source.path}`, table),
    ),
    scenario: {
      seed: readValue(reader, "seed", whole([0, 2 ** 31])) ?? 1,
      duration: requireSpan(reader, "duration"),
      ram,
      processes,
      ...present({
        cpus: readValue(reader, "cpus", whole([1, 1024])),
        swaps: readSwaps(reader),
        swappiness: readValue(reader, "swappiness", whole([0, 200])),
        zswap: map(readTable(reader, "zswap"), readZswap),
        diskPerSecond: readSize(reader, "disk_per_second"),
        diskLatency: readValue(reader, "disk_latency", span),
        fileCache: readSize(reader, "file_cache"),
        tmpfs: readSize(reader, "tmpfs"),
        hugetlb: readSize(reader, "hugetlb"),
        zfsArc: map(readTable(reader, "zfs_arc"), readArc),
        kernelMemory: readSize(reader, "kernel_memory"),
        minFree: readSize(reader, "min_free"),
        isColdStart: readValue(reader, "cold_start", flag),
        suspends: some(readTables(reader, "suspend").map(readSuspend)),
        cgroups: some(readTables(reader, "cgroup").map(readCgroup)),
        lacks: readValue(reader, "lacks", lackList),
      }),
    },
  };
}

/** A list in which there is something. */
const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

/** Reads a scenario, for a machine of its first size or of the chosen one; tells all that is wrong with it at once. */
export function readScenario(source: SourceText, ram?: KiB): ScenarioReading {
  const parsed = parseDocument(source);
  if (parsed.kind === "refused") return { kind: "refused", problems: [parsed.problem] };
  const problems: Problem[] = [];
  const file = readMachine(readerOf(parsed.document, problems), ram);
  return hasErrors(problems) ? { kind: "refused", problems } : { kind: "scenario", ...file };
}
