import { cursorOver, isAt, isAtEnd, readDigits } from "./scanner.ts";

/** A number of a kernel file, and where it stands. */
export interface Numeral {
  readonly value: number;
  /** Where its label begins, where that ends, and where the number does. Between the latter two there may be spaces before the digits. */
  readonly label: number;
  readonly start: number;
  readonly end: number;
}

const space = 0x20;

/** The number behind the first `label`, which is ASCII. Undefined: there is none, or no more text behind it, so that it may have been cut. */
export function findNumeral(text: Uint8Array, label: string): Numeral | undefined {
  const cursor = cursorOver(label, text);
  while (!isAt(cursor, label)) {
    if (isAtEnd(cursor)) return undefined;
    cursor.offset++;
  }
  const found = cursor.offset;
  const start = found + label.length;
  cursor.offset = start;
  while (text[cursor.offset] === space) cursor.offset++;
  const value = readDigits(cursor);
  return value === undefined || isAtEnd(cursor) ? undefined : { value, label: found, start, end: cursor.offset };
}
