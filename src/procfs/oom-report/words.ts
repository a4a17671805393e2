const wordCharacter = /[\w-]/;
const longestNumber = 16;

/**
 * A decimal number as the kernel prints it, so without zeros before it: those come of a line that was damaged, or wrongly put
 * together. Undefined for anything else, and past 2^53, where it could only be kept rounded.
 */
export function readNumber(text: string): number | undefined {
  if (!/^(?:0|-?[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The whole number behind the first `key` that begins a word, if `unit` and the end of a word follow it. */
export function numberAfter(text: string, key: string, unit = ""): number | undefined {
  const start = behind(text, key);
  if (start === undefined) return undefined;
  let end = start;
  while (end - start <= longestNumber && isDigitOrMinus(text.charCodeAt(end))) end++;
  const isWhole = text.startsWith(unit, end) && !isWordAt(text, end + unit.length);
  return isWhole ? readNumber(text.slice(start, end)) : undefined;
}

/** What stands between the first `from` and the next `to` behind it. */
export function textBetween(text: string, from: string, to: string): string | undefined {
  const at = text.indexOf(from);
  if (at < 0) return undefined;
  const start = at + from.length;
  const end = text.indexOf(to, start);
  return end < 0 ? undefined : text.slice(start, end);
}

/** The words of a text, of which there are none in an empty one. */
export const wordsOf = (text: string): readonly string[] => text.split(/[ \t]+/).filter((word) => word !== "");

/** What is left of an object when the entries without a value are gone: absent is absent, never `undefined`. */
export function known<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) kept[name] = value;
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function behind(text: string, key: string): number | undefined {
  let at = text.indexOf(key);
  while (at > 0 && isWordAt(text, at - 1)) at = text.indexOf(key, at + 1);
  return at < 0 ? undefined : at + key.length;
}

const isWordAt = (text: string, at: number): boolean => wordCharacter.test(text.charAt(at));

const isDigitOrMinus = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === 0x2d;
