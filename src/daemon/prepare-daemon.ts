import type { Problem } from "#config/problem.ts";
import { describePlace } from "#config/source-text.ts";
import { openCensus } from "#linux/open-census.ts";
import { composeLinux } from "./compose.ts";
import type { DaemonOptions } from "./daemon-options.ts";
import type { Handover, Letter } from "./handover.ts";
import { missingCapabilities } from "./missing-capabilities.ts";
import { type PlanInForce, readPlan } from "./plan-reading.ts";
import { noteOf } from "./recording/noted-settings.ts";
import type { SettingsInForce } from "./settings-in-force.ts";
import { processBegan } from "./start-time.ts";

/** A daemon that can be started, or why it cannot. */
export type Preparation =
  | { readonly kind: "ready"; readonly letter: Letter<Handover> }
  | { readonly kind: "refused-settings"; readonly text: string }
  /** It may not signal the processes of others; what it lacks, for people. */
  | { readonly kind: "not-permitted"; readonly missing: readonly string[] };

/** Checks all that can be checked before there is a daemon. @throws SystemError when the machine cannot be watched at all */
export function prepareDaemon(options: DaemonOptions): Preparation {
  using machine = composeLinux({ isDryRun: true });
  if (!machine.capabilities.canSignalOthers && !options.isDryRun) {
    const missing = missingCapabilities(machine.capabilities).map(
      ({ capability, consequence }) => `no ${capability}: ${consequence}`,
    );
    return { kind: "not-permitted", missing };
  }
  const reading = readPlan(options.settings, machine);
  if (reading.kind === "refused") return { kind: "refused-settings", text: reading.text };
  return {
    kind: "ready",
    letter: {
      message: { options, settings: settingsOf(reading), census: openCensus(), startedAt: processBegan() },
      noted: noteOf(reading),
    },
  };
}

/** What a daemon needs of settings that were read. */
export const settingsOf = ({ recipe, facts, files, warnings, loaded }: PlanInForce): SettingsInForce => ({
  recipe,
  facts,
  files,
  advice: warnings.map(inOneLine),
  journal: loaded.config.journal,
  protection: loaded.config.protection,
});

/** A problem as a line of the journal. */
export const inOneLine = ({ place, message }: Problem): string => `${describePlace(place)}: ${message}`;
