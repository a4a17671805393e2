import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderProblems } from "#config/diagnostics.ts";
import { readScenario } from "#daemon/scenario/scenario-file.ts";
import type { KiB } from "#domain/units.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import type { Story } from "./stories.ts";

/** Where the scenarios of the calibration lie, and what was recorded of them. */
export const calibrationFolder = join(repositoryRoot, "test/fixtures/calibration");

/** The scenario of a story, for a machine of that size if one is given. @throws Error when its file is refused */
export function scenarioOf({ name }: Story, ram?: KiB): Scenario {
  const path = join(calibrationFolder, `${name}.toml`);
  const reading = readScenario({ path, text: readFileSync(path, "utf8") }, ram);
  if (reading.kind === "scenario") return reading.scenario;
  throw new Error(renderProblems(reading.problems));
}
