import { ParseError } from "./parse-error.ts";
import { decodeText } from "./text.ts";

/** A place in the text of one kernel file. Reading moves `offset`; the bytes never change. */
export interface Cursor {
  /** The file as the kernel names it, for errors: `meminfo`, `PID/stat`. */
  readonly file: string;
  readonly bytes: Uint8Array;
  offset: number;
}

const tab = 0x09;
const newline = 0x0a;
const space = 0x20;
const minus = 0x2d;
const digitZero = 0x30;
const shownBytes = 24;

/** A cursor at the first byte; `file` is for errors only. */
export const cursorOver = (file: string, bytes: Uint8Array): Cursor => ({ file, bytes, offset: 0 });

/** Whether every byte has been read. */
export const isAtEnd = (cursor: Cursor): boolean => cursor.offset >= cursor.bytes.length;

/** Whether the ASCII `text` stands here. */
export function isAt(cursor: Cursor, text: string): boolean {
  const { bytes, offset } = cursor;
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Moves behind `text`. @throws ParseError if anything else stands here. */
export function expectText(cursor: Cursor, text: string): void {
  if (!isAt(cursor, text)) throw damageAt(cursor, JSON.stringify(text));
  cursor.offset += text.length;
}

/** @throws ParseError unless the line ends here, with its newline: without one, the text was cut. */
export function expectEndOfLine(cursor: Cursor): void {
  if (cursor.bytes[cursor.offset] !== newline) throw damageAt(cursor, "the end of the line");
}

/** Moves over spaces and tabs, none being fine. */
export function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.bytes[cursor.offset])) cursor.offset++;
}

/** Moves over what is neither blank nor the end of a line, whatever it means. @throws ParseError if nothing is there. */
export function skipWord(cursor: Cursor): void {
  const start = cursor.offset;
  while (!isAtEnd(cursor) && !isBlank(cursor.bytes[cursor.offset]) && cursor.bytes[cursor.offset] !== newline) {
    cursor.offset++;
  }
  if (cursor.offset === start) throw damageAt(cursor, "a field");
}

/** Moves to the beginning of the next line, or to the end where there is none. */
export function skipLine(cursor: Cursor): void {
  cursor.offset = endOfLine(cursor) + 1;
}

/** Offset of the newline that ends this line, or of the end of the text. */
export function endOfLine({ bytes, offset }: Cursor): number {
  let end = offset;
  while (end < bytes.length && bytes[end] !== newline) end++;
  return end;
}

/**
 * Reads a decimal number: digits, all of them, and behind them something that ends a number.
 * The end of the text does not: no kernel file ends without a newline, so the number may have been cut in half.
 * @throws ParseError for anything else, and for a number past 2^53, which could only be kept rounded.
 */
export function readUnsigned(cursor: Cursor): number {
  const start = cursor.offset;
  const value = readUnsignedIfExact(cursor);
  if (value === undefined) throw damageAt({ ...cursor, offset: start }, "a number below 2^53");
  return value;
}

/** As {@link readUnsigned}, for numbers that a process can make as large as it likes: undefined past 2^53. */
export function readUnsignedIfExact(cursor: Cursor): number | undefined {
  const { bytes, offset: start } = cursor;
  const value = readDigits(cursor);
  const isWhole = value !== undefined && !isAtEnd(cursor) && !isWordByte(bytes[cursor.offset]);
  if (!isWhole) throw damageAt({ ...cursor, offset: start }, "a whole number");
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Reads digits as far as there are any, whatever follows. Past 2^53 the value is rounded. Undefined: none stands here. */
export function readDigits(cursor: Cursor): number | undefined {
  const { bytes } = cursor;
  let digit = digitAt(bytes, cursor.offset);
  if (digit === undefined) return undefined;
  let value = 0;
  while (digit !== undefined) {
    value = value * 10 + digit;
    digit = digitAt(bytes, ++cursor.offset);
  }
  return value;
}

/** As {@link readUnsigned}, with an optional minus. */
export function readSigned(cursor: Cursor): number {
  if (cursor.bytes[cursor.offset] !== minus) return readUnsigned(cursor);
  cursor.offset++;
  const magnitude = readUnsigned(cursor);
  return magnitude === 0 ? 0 : -magnitude;
}

/** What is wrong here, as the error to throw. */
export function damageAt(cursor: Cursor, expected: string): ParseError {
  const { file, bytes } = cursor;
  const offset = Math.min(cursor.offset, bytes.length);
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === newline) line++;
  const rest = decodeText(bytes, offset, Math.min(endOfLine(cursor), offset + shownBytes));
  const found = offset === bytes.length ? "the end of the file" : JSON.stringify(rest === "" ? "\n" : rest);
  return new ParseError({ file, offset, line, expected, found });
}

const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab;

function digitAt(bytes: Uint8Array, offset: number): number | undefined {
  const digit = (bytes[offset] ?? 0) - digitZero;
  return digit >= 0 && digit <= 9 ? digit : undefined;
}

/** ASCII letters, `_` and every byte of a multi-byte character: behind digits they make something that is not a number. */
const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || (byte >= 0x61 && byte <= 0x7a) || byte >= 0x80);
