import assert from "node:assert/strict";
import { ParseError } from "#procfs/parse-error.ts";

/** What a parser made of some bytes. */
export type Parsed =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "refused"; readonly error: ParseError };

/** Parses, and fails for every exception but a ParseError that points into the bytes. */
export function parseSoundly(parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): Parsed {
  try {
    const value = parse(bytes);
    assertSound(value, "value");
    return { kind: "value", value };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `offset ${error.offset} of ${bytes.length} bytes`);
    assert.ok(error.line >= 1);
    return { kind: "refused", error };
  }
}

/** Every number is a whole one that is exact, or a percentage with two decimals. */
function assertSound(value: unknown, place: string): void {
  if (typeof value === "number") {
    const isPercentage = value >= 0 && value <= 100 && Number.isSafeInteger(Math.round(value * 1e6) / 1e4);
    assert.ok((Number.isSafeInteger(value) && !Object.is(value, -0)) || isPercentage, `${place} is ${value}`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) assertSound(part, `${place}.${key}`);
  }
}

/** Whether `part` tells nothing that `whole` does not: facts and list entries may be missing, none may differ. */
export function isPartOf(part: unknown, whole: unknown): boolean {
  if (part === undefined || Object.is(part, whole)) return true;
  if (typeof part !== "object" || typeof whole !== "object" || part === null || whole === null) return false;
  const known = new Map(Object.entries(whole));
  return Object.entries(part).every(([key, value]) => isPartOf(value, known.get(key)));
}

/** The ParseError that `parse` has to end with. */
export function refusal(parse: () => unknown): ParseError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  return assert.fail("it was not refused");
}
