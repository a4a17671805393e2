import type { Clue } from "#engine/rule.ts";

/** The clues of several things of which one is enough. Undefined: one of them has none, so that any text may match. */
export function allClues(each: readonly (Clue | undefined)[]): readonly Clue[] | undefined {
  const clues = each.filter((clue) => clue !== undefined);
  return clues.length === each.length ? clues : undefined;
}
