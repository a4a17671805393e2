import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { factsOf } from "#daemon/plan-reading.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import { add, type Milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { shippedPresets } from "#test/unit/config/shipped-presets.ts";
import { momentsInJournal } from "./journal-moments.ts";
import type { Moment } from "./moments.ts";
import { marksBelow, settingsText } from "./settings-text.ts";
import { withWatcher } from "./simulated-watch.ts";
import type { Story, Watched } from "./stories.ts";

/** Plays a story once on the simulated machine. Returns what happened. */
export const playSimulated = (story: Story, scenario: Scenario): Promise<readonly Moment[]> =>
  story.kind === "watched" ? playWatched(story, scenario) : playAlone(scenario);

const namesIn = ({ processes }: Scenario): readonly string[] => processes.map(({ name }) => name);

async function playWatched(story: Watched, scenario: Scenario): Promise<readonly Moment[]> {
  const machine = simulatedMachine(scenario);
  const { available } = machine.meminfo();
  if (available === undefined) throw new Error("Cannot play: the simulated machine does not say what is available");
  const marks = marksBelow(story, available);
  const watched = withWatcher(machine, { names: namesIn(scenario), marks });
  const plan = planOf(machine, settingsText(story, marks));
  const { entries } = await simulate(watched.machine, plan, { duration: scenario.duration });
  const journalled = entries.map(({ wallTime, event, fields }) => ({ at: wallTime, event, fields: { ...fields } }));
  return [...watched.moments, ...momentsInJournal(journalled)];
}

function planOf(machine: Machine, text: string): Plan {
  const files = [{ path: "calibration.toml", text }];
  const compiled = compilePlan(loadConfig({ presets: shippedPresets(), files, overrides: [] }), factsOf(machine));
  if (compiled.kind === "plan") return compiled.plan;
  throw new Error(compiled.problems.map(({ message }) => message).join("; "));
}

async function playAlone(scenario: Scenario): Promise<readonly Moment[]> {
  const watched = withWatcher(simulatedMachine(scenario), { names: namesIn(scenario), marks: undefined });
  await watched.machine.wait(scenario.duration);
  return watched.moments;
}

/** The same scenario, in which everything that begins later begins so much later still: looks then meet it at other moments. */
export const delayed = (scenario: Scenario, by: Milliseconds): Scenario => ({
  ...scenario,
  processes: scenario.processes.map((script) =>
    script.startsAt === undefined ? script : { ...script, startsAt: add(script.startsAt, by) },
  ),
});
