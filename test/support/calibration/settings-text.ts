import { type KiB, lessened } from "#domain/units.ts";
import { calibrationUid, type Watched } from "./stories.ts";

/** Where the watermarks of a story lie, when so much is available. */
export function marksBelow({ marks: { high, low, min } }: Watched, available: KiB): Watched["marks"] {
  return { high: lessened(available, high), low: lessened(available, low), min: lessened(available, min) };
}

/** Settings that confine a daemon to the processes of a calibration: the same text for the real machine and the simulated one. */
export function settingsText(story: Watched, { high, low, min }: Watched["marks"]): string {
  const only = `[[rule]]\nverdict = "only"\nuid = ${calibrationUid}\n`;
  const marks = `[headroom]\nmin = "${min}KiB"\nlow = "${low}KiB"\nhigh = "${high}KiB"\n`;
  return `preset = "none"\n${marks}${story.settings}${only}`;
}
