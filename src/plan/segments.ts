import type { Clue } from "#engine/rule.ts";

/** Literal texts with anything between them: `/usr/` and `/bin/make` match what begins with one and ends with the other. */
export type Segments = readonly string[];

/** What a text is or has that they match. Undefined: they match every text. */
export function clueOf(segments: Segments): Clue | undefined {
  const [only = ""] = segments;
  if (segments.length === 1) return { is: only };
  const longest = segments.reduce((a, b) => (b.length > a.length ? b : a));
  return longest === "" ? undefined : { has: longest };
}

/**
 * Whether they match a whole text. The first place found for a text in the middle leaves the most room for the others, so nothing is
 * tried again: time grows with the length of the text and of the pattern, as that of an automaton does.
 */
export function matchSegments(segments: Segments, text: string): boolean {
  const head = segments[0] ?? "";
  const tail = segments.at(-1) ?? "";
  if (segments.length === 1) return text === head;
  const end = text.length - tail.length;
  if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const segment of segments.slice(1, -1)) {
    const found = text.indexOf(segment, at);
    if (found === -1 || found + segment.length > end) return false;
    at = found + segment.length;
  }
  return true;
}
