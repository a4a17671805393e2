import { SystemError } from "#domain/system-error.ts";
import { composeLinux } from "./compose.ts";
import type { AskedSettings, Letter, SettingsAnswer } from "./handover.ts";
import { type PlanReading, readPlan } from "./plan-reading.ts";
import { inOneLine, settingsOf } from "./prepare-daemon.ts";
import { noteOf, readNote } from "./recording/noted-settings.ts";
import { makeNoted } from "./recording/plan-of-then.ts";

/** Reads settings for a daemon that is running and has no code for it: in a process of its own, which then ends. */
export function answerSettings(asked: AskedSettings, noted: () => unknown): Letter<SettingsAnswer> {
  const reading = readAsked(asked, noted);
  return reading.kind === "refused"
    ? { message: { kind: "refused", problems: tellProblems(reading) }, noted: undefined }
    : { message: { kind: "settings", settings: settingsOf(reading) }, noted: noteOf(reading) };
}

function readAsked(asked: AskedSettings, noted: () => unknown): PlanReading {
  try {
    if (asked.kind === "refit") return makeNoted({ ...readNote(noted()), facts: asked.facts });
    using machine = composeLinux({ isDryRun: true });
    return readPlan(asked.settings, machine);
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
