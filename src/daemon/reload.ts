import type { Problem } from "#config/problem.ts";
import type { Config } from "#config/schema.ts";
import { describePlace } from "#config/source-text.ts";
import { SystemError } from "#domain/system-error.ts";
import type { Journal } from "#journal/journal.ts";
import type { Machine } from "#machine/machine.ts";
import type { ConfigChoice } from "./config-files.ts";
import { type PlanInForce, type PlanReading, readPlan } from "./plan-reading.ts";

/** What a reload is about. */
export interface Reloading {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly settings: ConfigChoice;
  /** What the daemon was started with: some of it cannot be changed while it runs. */
  readonly startedWith: Config;
}

/** Says which settings are in force, and what may be wrong with them. */
export function announcePlan(
  journal: Journal,
  event: "config.loaded" | "config.reloaded",
  { files, plan, warnings }: PlanInForce,
): void {
  journal.emit(event, { files, policy: plan.policy.name, rules: plan.rules.length });
  for (const warning of warnings) journal.emit("config.advised", { advice: inOneLine(warning) });
}

/** The settings as they are now; undefined when they are refused: then nothing changes, whatever is wrong with them. */
export function reloadPlan(reloading: Reloading): PlanInForce | undefined {
  const { journal, machine, startedWith } = reloading;
  const reading = readAgain(reloading);
  if (reading.kind === "refused") {
    journal.emit("config.refused", { problems: tellProblems(reading) });
    return undefined;
  }
  announcePlan(journal, "config.reloaded", reading);
  for (const setting of changedButFixed(startedWith, reading.loaded.config)) {
    journal.emit("config.advised", { advice: `${setting} is another than at the start, and waits for the next start` });
  }
  // The look that is due was paced by the plan that has gone.
  machine.wake();
  return reading;
}

function readAgain({ settings, machine }: Reloading): PlanReading {
  try {
    return readPlan(settings, machine);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { kind: "refused", problems: [], text: error.message };
  }
}

const mostProblems = 10;

/** A line of the journal has a bound; the rest is what `tidemark check` is for. */
function tellProblems({ problems, text }: Extract<PlanReading, { kind: "refused" }>): readonly string[] {
  if (problems.length === 0) return [text];
  const more = problems.length - mostProblems;
  return [...problems.slice(0, mostProblems).map(inOneLine), ...(more > 0 ? [`and ${more} more`] : [])];
}

const inOneLine = ({ place, message }: Problem): string => `${describePlace(place)}: ${message}`;

/** What a daemon takes on once, when it starts. */
const fixedSections = ["journal", "protection"] as const;

const changedButFixed = (before: Config, now: Config): readonly string[] =>
  fixedSections.flatMap((section) => {
    const were = new Map<string, unknown>(Object.entries(before[section]));
    return Object.entries(now[section])
      .filter(([key, value]) => were.get(key) !== value)
      .map(([key]) => `${section}.${key}`);
  });
