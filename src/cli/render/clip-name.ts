import { escapeText } from "#journal/escape.ts";

/** Twice what a task name has; a damaged log can hold anything. */
const longest = 30;

/** A name safe to show, and short enough for a column. */
export function clipName(name: string): string {
  const characters = Array.from(escapeText(name));
  return characters.length <= longest ? characters.join("") : `${characters.slice(0, longest - 1).join("")}…`;
}
