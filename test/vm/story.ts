import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import type { Expectation } from "#daemon/scenario/scenario-expect.ts";
import { readScenario, type ScenarioFile } from "#daemon/scenario/scenario-file.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** A story for a guest: a scenario that says how it has to end. */
export interface VmStory {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly file: ScenarioFile;
  readonly expectation: Expectation;
  /** What is written below `/proc/sys` before it begins. */
  readonly sysctls: Readonly<Record<string, string | number>>;
}

const folder = join(repositoryRoot, "test/vm/scenarios");
const ending = ".toml";

/** Names of all stories. */
export const storyNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

/** Reads one story of `test/vm/scenarios`. @throws Error for one that is wrong, or expects nothing */
export const readStory = (name: string): VmStory =>
  understandStory(name, readFileSync(join(folder, name + ending), "utf8"));

/**
 * A story is a scenario as the simulated machine plays it. What only a guest can be told stands in a last table, `[sysctl]`,
 * which the simulated machine is not shown.
 */
export function understandStory(name: string, text: string): VmStory {
  const [told = "", guest = ""] = text.split(/^\[sysctl\]$/m);
  const path = name + ending;
  const reading = readScenario({ path, text: told });
  if (reading.kind === "refused")
    throw new Error(reading.problems.map(({ message }) => `${path}: ${message}`).join("\n"));
  if (reading.expectation === undefined) throw new Error(`${path} does not say how it has to end: add [expect]`);
  return { name, file: reading, expectation: reading.expectation, sysctls: sysctlsOf(path, guest) };
}

function sysctlsOf(path: string, text: string): VmStory["sysctls"] {
  const entries = Object.entries(parse(text)).map(([name, value]) => {
    if (typeof value === "number" || typeof value === "string") return [name, value] as const;
    throw new Error(`${path}: sysctl ${name} is no number and no text; write "vm.name" = 1`);
  });
  return Object.fromEntries(entries);
}
