import type { Encode, Entry } from "./entry.ts";
import type { Level } from "./event.ts";

/** @see sd-daemon(3): the syslog priority in front of a line, which journald takes off again. */
const priorities: Readonly<Record<Level, number>> = { error: 3, warn: 4, info: 6, debug: 7 };

const levelWidth = Math.max(...Object.keys(priorities).map((level) => level.length));

const suppressedText = ({ suppressed }: Entry): string =>
  suppressed === 0 ? "" : ` (and ${suppressed} times since it was last said)`;

/** `12:03:41 warn  Sent SIGTERM to …`, local time: for a terminal. */
export const encodeForTerminal: Encode = (entry) =>
  `${clockTime(entry.wallTime)} ${entry.level.padEnd(levelWidth)} ${entry.sentence}${suppressedText(entry)}\n`;

/** `<4>Sent SIGTERM to …`: journald adds the time, and takes the level from the prefix. */
export const encodeForJournald: Encode = (entry) =>
  `<${priorities[entry.level]}>${entry.sentence}${suppressedText(entry)}\n`;

function clockTime(wallTime: number): string {
  const at = new Date(wallTime);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
