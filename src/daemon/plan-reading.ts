import { compilePlan } from "#config/compile.ts";
import { renderProblems } from "#config/diagnostics.ts";
import { type Loaded, loadConfig, type Sources } from "#config/load.ts";
import type { Problem } from "#config/problem.ts";
import { programsOf } from "#config/programs.ts";
import { knownValue } from "#domain/snapshot.ts";
import { SystemError } from "#domain/system-error.ts";
import type { NotifyPlan, Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";
import type { PlanRecipe } from "#plan/recipe.ts";
import { type MachineFacts, machineFacts } from "#plan/watermarks.ts";
import { type ConfigChoice, type ReadSources, readSources } from "./config-files.ts";
import { trustGivers } from "./giver-advice.ts";
import { UnreadableConfig } from "./settings-file.ts";

/** Settings that can be run on. */
export interface PlanInForce {
  readonly kind: "plan";
  readonly plan: Plan;
  /** The same as plain data. */
  readonly recipe: PlanRecipe;
  readonly loaded: Loaded;
  readonly facts: MachineFacts;
  readonly warnings: readonly Problem[];
  /** The files that were read, in order. */
  readonly files: readonly string[];
  /** All that was read, as it was written: what the same plan can be made of again. */
  readonly sources: Sources;
}

/** Settings that were read, or why they are refused. */
export type PlanReading =
  | PlanInForce
  | {
      readonly kind: "refused";
      /** Empty when a file could not be read at all. */
      readonly problems: readonly Problem[];
      /** For people: every problem with its place. */
      readonly text: string;
    };

/** What settings are resolved against. @throws SystemError without meminfo, no killer can do anything */
export function factsOf(machine: Machine): MachineFacts {
  const { meminfo: reading, arc } = machine.sense({ needs: ["meminfo", "arc"], isPressing: false });
  if (reading?.kind === "unavailable") throw new SystemError(reading.failure);
  const meminfo = knownValue(reading);
  if (meminfo === undefined)
    throw new Error("Cannot tell the size of this machine: it answered nothing about its memory");
  return machineFacts({ meminfo, arc: knownValue(arc) }, machine.capabilities);
}

/** Reads, checks and resolves the settings for one machine. @throws SystemError */
export const readPlan = (choice: ConfigChoice, machine: Machine): PlanReading =>
  readPlanWith(choice, machine, keepTrusted);

/** The same for a machine that is only simulated: what a giver runs is not run there, so nobody has to be trusted. */
export const readStoryPlan = (choice: ConfigChoice, machine: Machine): PlanReading =>
  readPlanWith(choice, machine, (reading) => reading);

function readPlanWith(
  choice: ConfigChoice,
  machine: Machine,
  settle: (reading: PlanInForce, distrusted: readonly Problem[]) => PlanInForce,
): PlanReading {
  const facts = factsOf(machine);
  try {
    const read = readSources(choice);
    const reading = makePlan(read, facts);
    return reading.kind === "plan" ? settle(reading, read.advice) : reading;
  } catch (error) {
    if (!(error instanceof UnreadableConfig)) throw error;
    return { kind: "refused", problems: [], text: error.message };
  }
}

/** Without the givers that this machine must not ask, as things are now, and the programs it must not run. */
function keepTrusted(reading: PlanInForce, distrusted: readonly Problem[]): PlanInForce {
  const { givers, advice } = trustGivers(reading.loaded.givers, distrusted);
  const { givers: programs, advice: onPrograms } = trustGivers(programsOf(reading.loaded), distrusted);
  return { ...withGivers(reading, { givers, programs }), warnings: [...reading.warnings, ...advice, ...onPrograms] };
}

/** The same plan, but others are asked for memory, or other programs may be run. */
export function withGivers(reading: PlanInForce, staff: Pick<NotifyPlan, "givers" | "programs">): PlanInForce {
  const { plan, recipe } = reading;
  const { givers, programs } = staff;
  const notify = { ...plan.notify, givers, programs };
  return { ...reading, plan: { ...plan, notify }, recipe: { ...recipe, notify } };
}

/** Checks and resolves settings that have been read. */
export function makePlan({ sources, advice }: ReadSources, facts: MachineFacts): PlanReading {
  const loaded = loadConfig(sources);
  const compiled = compilePlan(loaded, facts);
  if (compiled.kind === "refused") {
    return { kind: "refused", problems: compiled.problems, text: renderProblems(compiled.problems) };
  }
  const files = sources.files.map(({ path }) => path);
  const warnings = [...advice, ...compiled.warnings];
  const { plan, recipe } = compiled;
  return { kind: "plan", plan, recipe, warnings, loaded, facts, files, sources };
}
