import { renderProblems } from "#config/diagnostics.ts";
import { type ConfigChoice, readNamedText } from "#daemon/config-files.ts";
import { UnreadableConfig } from "#daemon/settings-file.ts";
import type { Plan } from "#engine/plan.ts";
import type { Expectation } from "./scenario-expect.ts";
import { readScenario, type ScenarioFile } from "./scenario-file.ts";
import { type Story, simulate } from "./simulation.ts";
import { planStory, stageStory } from "./stage.ts";

/** A scenario that was played to its end, or why it could not be: told for people. */
export type Played =
  | {
      readonly kind: "story";
      readonly title: string;
      readonly story: Story;
      readonly plan: Plan;
      readonly expectation: Expectation | undefined;
    }
  | { readonly kind: "refused"; readonly text: string };

/** Plays a scenario file under the settings that are chosen. */
export async function playScenario(path: string, choice: ConfigChoice): Promise<Played> {
  const reading = readFile(path);
  if (reading.kind === "refused") return reading;
  const { title, scenario, expectation } = reading;
  using machine = stageStory(reading);
  const settings = planStory(reading, choice, machine);
  if (settings.kind === "refused") return settings;
  const { plan } = settings;
  const story = await simulate(machine, plan, { duration: scenario.duration });
  return { kind: "story", title, plan, expectation, story };
}

function readFile(path: string): ({ readonly kind: "scenario" } & ScenarioFile) | Extract<Played, { kind: "refused" }> {
  try {
    const reading = readScenario(readNamedText(path));
    return reading.kind === "scenario" ? reading : { kind: "refused", text: renderProblems(reading.problems) };
  } catch (error) {
    if (!(error instanceof UnreadableConfig)) throw error;
    return { kind: "refused", text: error.message };
  }
}
