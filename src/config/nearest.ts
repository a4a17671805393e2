import { closest, distance } from "fastest-levenshtein";

/** The known word that was most likely meant, if any is near enough to be worth saying. */
export function nearestWord(written: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const spelled = normalise(written);
  const nearest = closest(spelled, known.map(normalise));
  const isNear = distance(spelled, nearest) <= Math.max(2, Math.floor(nearest.length / 3));
  return isNear ? known.find((word) => normalise(word) === nearest) : undefined;
}

/** `termGrace`, `term-grace` and `TERM_GRACE` are `term_grace` to whoever wrote them. */
const normalise = (word: string): string =>
  word
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll("-", "_");

/** `"a", "b" and "c"` */
export function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.at(-1);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${last}`;
}
