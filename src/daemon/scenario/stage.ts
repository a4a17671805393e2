import type { ConfigChoice } from "#daemon/config-files.ts";
import { type PlanReading, readStoryPlan } from "#daemon/plan-reading.ts";
import { withGivers } from "#simulated/givers.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { withVictimPrograms } from "#simulated/victim-programs.ts";
import type { ScenarioFile } from "./scenario-file.ts";

/** The machine of a story, with everybody on it. */
export function stageStory({ scenario, givers }: ScenarioFile): SimulatedMachine {
  const machine = simulatedMachine(scenario);
  return withVictimPrograms(givers.length === 0 ? machine : withGivers(machine, givers));
}

/** The settings a story is played under: those that are chosen, and what it says itself. */
export const planStory = ({ settings }: ScenarioFile, choice: ConfigChoice, machine: SimulatedMachine): PlanReading =>
  readStoryPlan({ ...choice, ...(settings !== undefined && { told: [settings] }) }, machine);
