import type { LogRecord, RecordKind, TableLayout } from "./finding.ts";
import type { Message } from "./prefix.ts";
import { kindOf } from "./record-kinds.ts";

const mostPieces = 12;
const digits = /\d$/;

/** A record that may go on in the next line. */
export interface OpenRecord {
  readonly kind: RecordKind;
  readonly pieces: readonly string[];
  /** The same, with the blanks around them. */
  readonly padded: readonly string[];
  readonly hasPrefix: boolean;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly isCut: boolean;
}

/** Where a message stands in the log. */
export interface Place {
  readonly line: number;
  /** The end of the line is missing. */
  readonly isCut: boolean;
}

/** The record that begins with a message; undefined if it begins none. */
export function beginRecord({ text, padded, hasPrefix }: Message, { line, isCut }: Place): OpenRecord | undefined {
  const found = findKind(text);
  if (found === undefined) return undefined;
  const isFurtherIn = found.text !== text;
  return {
    kind: found.kind,
    pieces: [found.text],
    padded: [padded.slice(padded.indexOf(found.text))],
    hasPrefix: hasPrefix || isFurtherIn,
    firstLine: line,
    lastLine: line,
    isCut,
  };
}

/** The record with a line added that belongs to it; undefined if it does not. */
export function continueRecord(
  record: OpenRecord,
  message: Message & Place,
  layout: TableLayout | undefined,
): OpenRecord | undefined {
  const { text, padded, hasPrefix, line, isCut } = message;
  if (text === "" || record.pieces.length >= mostPieces) return undefined;
  // Only what the kernel itself wrote in pieces has a prefix of its own each time.
  if (hasPrefix && !/^(?:,|\/|killed as a result)/.test(text)) return undefined;
  if (!record.kind.goesOn?.(record.pieces.join(" "), text, layout)) return undefined;
  return { ...record, pieces: [...record.pieces, text], padded: [...record.padded, padded], lastLine: line, isCut };
}

/** Puts the pieces together. Digits at the end of a cut line are left out: there may have been more of them. */
export function closeRecord({ pieces, padded, isCut }: OpenRecord): LogRecord {
  const spaced = pieces.join(" ");
  const tight = pieces.length === 1 ? spaced : padded.join("").trim();
  return isCut
    ? { spaced: withoutLastNumber(spaced), tight: withoutLastNumber(tight), isCut }
    : { spaced, tight, isCut };
}

/** Looks behind what no rule for prefixes knows, at the few places where a message may begin. */
function findKind(text: string): { readonly kind: RecordKind; readonly text: string } | undefined {
  const kind = kindOf(text);
  if (kind !== undefined) return { kind, text };
  for (const { index, 0: boundary } of text.slice(0, 200).matchAll(/\] |\| |\t|kern[\w.-]{0,16}: /g)) {
    const rest = text.slice(index + boundary.length).trimStart();
    const behind = kindOf(rest);
    if (behind !== undefined) return { kind: behind, text: rest };
  }
  return undefined;
}

function withoutLastNumber(text: string): string {
  let end = text.length;
  while (end > 0 && digits.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
