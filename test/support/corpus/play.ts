import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Deaths,
  type Disappointment,
  deathsOf,
  judgeStory,
  longestStallUntil,
} from "#daemon/scenario/judge-story.ts";
import type { Expectation } from "#daemon/scenario/scenario-expect.ts";
import { readScenario, type ScenarioFile } from "#daemon/scenario/scenario-file.ts";
import { stageStory } from "#daemon/scenario/stage.ts";
import type { KiB, Milliseconds } from "#domain/units.ts";
import { availableMemory, noReserves } from "#engine/headroom.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import type { Guard } from "./guards.ts";

/** A scenario of the corpus: one that says how it has to end. */
export interface CorpusScenario {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly expectation: Expectation;
  readonly sizes: ScenarioFile["sizes"];
  /** The story on a machine of that size. */
  at(ram: KiB): ScenarioFile;
}

/** How one story went. */
export interface Outcome {
  readonly deaths: Deaths;
  readonly disappointments: readonly Disappointment[];
  /** MemAvailable when the guard signalled its first victim. */
  readonly leftAtFirstKill: KiB | undefined;
  /** The longest that anybody had been kept waiting when the guard first acted. */
  readonly stallAtFirstKill: Milliseconds | undefined;
  /** The longest that anybody was kept waiting at all. */
  readonly longestStall: Milliseconds;
}

const map = <T, U>(value: T | undefined, make: (value: T) => U): U | undefined =>
  value === undefined ? undefined : make(value);

const folder = join(repositoryRoot, "test/scenarios");

/** All scenarios that say how they have to end, by name. */
export function readCorpus(): readonly CorpusScenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".toml"));
  return files.sort().flatMap((file) => {
    const source = { path: file, text: readFileSync(join(folder, file), "utf8") };
    const at = (ram?: KiB): ScenarioFile => {
      const reading = readScenario(source, ram);
      if (reading.kind === "scenario") return reading;
      throw new Error(reading.problems.map(({ message }) => `${file}: ${message}`).join("\n"));
    };
    const { expectation, sizes } = at();
    return expectation === undefined ? [] : [{ name: file.replace(/\.toml$/, ""), expectation, sizes, at }];
  });
}

/** Plays a story to its end under somebody's guard. */
export async function play(story: CorpusScenario, ram: KiB, guard: Guard): Promise<Outcome> {
  const file = story.at(ram);
  using machine = stageStory(file);
  let leftAtFirstKill: KiB | undefined;
  const watched: SimulatedMachine = {
    ...machine,
    act(decision) {
      if (decision.kind === "signal") leftAtFirstKill ??= availableMemory(machine.meminfo(), noReserves);
      return machine.act(decision);
    },
  };
  await guard.watch(watched, file);
  const deaths = deathsOf(machine.events);
  const stalls = machine.interactivity().flatMap(({ slow }) => slow);
  return {
    deaths,
    leftAtFirstKill,
    longestStall: longestStallUntil(stalls, machine.now()),
    stallAtFirstKill: map(deaths.victims[0], ({ at }) => longestStallUntil(stalls, at)),
    disappointments: judgeStory(story.expectation, deaths, stalls),
  };
}
