import { type KiB, kib, least, lessened, mib } from "#domain/units.ts";
import type { SettledScript } from "./process-script.ts";
import { wakeRateOf } from "./wakes.ts";
import { emptySet, type WorkingSet } from "./working-set.ts";

/** A program: its text is in memory once, however many run it, and stays there when the last of them has exited. */
export interface Program {
  readonly text: WorkingSet;
}

/** How fast a process that nobody sits before goes through its program. */
const textPerSecond = mib(20);

/** How fast a process goes through the program it runs. */
export const textRateOf = (script: SettledScript): KiB =>
  script.isInteractive ? wakeRateOf(script) : least(textPerSecond, script.text);

/** A process no longer runs it. */
export function leaveProgram({ text }: Program, script: SettledScript): void {
  text.touchesPerSecond = lessened(text.touchesPerSecond, textRateOf(script));
}

/** A program nobody has run before. */
export function makeProgram(script: SettledScript, { isRead }: { readonly isRead: boolean }): Program {
  const text = emptySet("file", kib(0), true);
  text[isRead ? "active" : "unread"] = script.text;
  return { text };
}
