import { type KiB, kib } from "#domain/units.ts";
import {
  type Cursor,
  damageAt,
  expectEndOfLine,
  expectText,
  isAt,
  isAtEnd,
  readUnsigned,
  skipBlanks,
  skipLine,
} from "./scanner.ts";

/** A line worth reading: how it begins, and how its value is read. */
export interface Label<T> {
  /** Up to and with the byte that ends the label, so that no label is the beginning of another. Leading blanks are not part of it. */
  readonly text: string;
  readonly read: (cursor: Cursor) => T;
}

/** The lines a file is read for, by the names their values get. */
export type Labels = Readonly<Record<string, Label<unknown>>>;

/** What {@link Labels} yield, each in the type its reader makes. */
export type LabelledValues<L extends Labels> = { readonly [K in keyof L]: ReturnType<L[K]["read"]> };

/** Reads lines from the cursor on, to the end of the text or to a line that begins with `until`. */
export type LineReader<L extends Labels> = (cursor: Cursor, until?: string) => Partial<LabelledValues<L>>;

/** A reader of labelled lines in one pass. Lines of other labels are skipped: kernels add some in every release. */
export function lineReader<L extends Labels>(labels: L): LineReader<L> {
  const byFirstByte = entriesByFirstByte(labels);
  return (cursor, until) => {
    const values: Record<string, unknown> = {};
    while (!isAtEnd(cursor) && !(until !== undefined && isAt(cursor, until))) {
      skipBlanks(cursor);
      const entry = byFirstByte[cursor.bytes[cursor.offset] ?? 0]?.find(({ label }) => isAt(cursor, label.text));
      if (entry !== undefined) {
        cursor.offset += entry.label.text.length;
        values[entry.name] = entry.label.read(cursor);
      }
      skipLine(cursor);
    }
    return values as Partial<LabelledValues<L>>;
  };
}

interface Entry {
  readonly name: string;
  readonly label: Label<unknown>;
}

/** Most lines are of no interest and end here, at their first byte. */
function entriesByFirstByte(labels: Labels): readonly (readonly Entry[] | undefined)[] {
  const byFirstByte: (Entry[] | undefined)[] = Array.from({ length: 256 });
  for (const [name, label] of Object.entries(labels)) {
    const first = label.text.charCodeAt(0);
    byFirstByte[first] = [...(byFirstByte[first] ?? []), { name, label }];
  }
  return byFirstByte;
}

/** The values of all of `labels`, and of no others. @throws ParseError naming the first line that is missing. */
export function requireLines<L extends Labels>(
  cursor: Cursor,
  values: Partial<LabelledValues<L>>,
  labels: L,
): LabelledValues<L> {
  const required: Record<string, unknown> = {};
  for (const name in labels) {
    if (values[name] === undefined) throw damageAt(cursor, `a line ${JSON.stringify(labels[name]?.text)}`);
    required[name] = values[name];
  }
  return required as LabelledValues<L>;
}

/** `   123`, and nothing behind it. */
export function readCount(cursor: Cursor): number {
  skipBlanks(cursor);
  const count = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return count;
}

/** `   0` or `   1`, and nothing behind it. */
export function readFlag(cursor: Cursor): boolean {
  skipBlanks(cursor);
  const start = cursor.offset;
  const flag = readCount(cursor);
  if (flag > 1) throw damageAt({ ...cursor, offset: start }, "a flag, 0 or 1");
  return flag === 1;
}

/** `   123 kB`, and nothing behind it. The kernel's kB are KiB. */
export function readKiB(cursor: Cursor): KiB {
  skipBlanks(cursor);
  const amount = readUnsigned(cursor);
  expectText(cursor, " kB");
  expectEndOfLine(cursor);
  return kib(amount);
}
