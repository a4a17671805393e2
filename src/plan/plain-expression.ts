import type { Clue } from "#engine/rule.ts";
import { allClues } from "./clues.ts";
import { clueOf, matchSegments, type Segments } from "./segments.ts";

/** One of the texts that groups and bars spell out. */
interface Alternative {
  readonly segments: Segments;
  /** What comes after the last one has no slash: a program whose name begins so. */
  readonly isOpen: boolean;
}

/** What such an expression matches. */
export interface PlainExpression {
  readonly matches: (text: string) => boolean;
  /** Undefined: any text may match. */
  readonly clues: readonly Clue[] | undefined;
}

/** Beyond this, an automaton is smaller. */
const mostAlternatives = 256;

const nothing: Alternative = { segments: [""], isOpen: false };

/**
 * Matches as an RE2 expression does that only lists paths: `^`, texts, `.*`, groups with bars, `(…)?`, `[^/]*` at the end of a path, `$`.
 * Lists of programs need nothing more, and a daemon that has only such rules holds no engine for the rest. Undefined: it is more than that.
 */
export function readPlainExpression(expression: string): PlainExpression | undefined {
  if (!/^\^.*\$$/.test(expression)) return undefined;
  const reader = { body: expression.slice(1, -1), at: 0 };
  const alternatives = readSequence(reader);
  if (alternatives === undefined || reader.at < reader.body.length) return undefined;
  if (alternatives.some(({ segments, isOpen }) => isOpen && !segments.at(-1)?.includes("/"))) return undefined;
  return {
    matches: (text) =>
      alternatives.some((each) => (each.isOpen ? matchOpen(each.segments, text) : matchLine(each.segments, text))),
    clues: allClues(alternatives.map(clueOfAlternative)),
  };
}

/** What has an open end is not the whole text. */
const clueOfAlternative = ({ segments, isOpen }: Alternative): Clue | undefined =>
  clueOf(isOpen ? [...segments, ""] : segments);

/** In RE2, a dot is no line end; nor are the texts, or this would not be one line. */
const matchLine = (segments: Segments, text: string): boolean => !text.includes("\n") && matchSegments(segments, text);

/** The last slash of the text has to be the last one of the last segment: so it is known where that ends. */
function matchOpen(segments: Segments, text: string): boolean {
  const tail = segments.at(-1) ?? "";
  const end = text.lastIndexOf("/") - tail.lastIndexOf("/") + tail.length;
  return end <= text.length && matchLine(segments, text.slice(0, end));
}

interface Reader {
  readonly body: string;
  at: number;
}

function take(reader: Reader, token: string): boolean {
  const isNext = reader.body.startsWith(token, reader.at);
  if (isNext) reader.at += token.length;
  return isNext;
}

/** Up to a bar, the end of the group, or of everything. */
function readSequence(reader: Reader): readonly Alternative[] | undefined {
  let read: readonly Alternative[] | undefined = [nothing];
  while (read !== undefined && reader.at < reader.body.length && !/[|)]/.test(reader.body.charAt(reader.at))) {
    read = appendAll(read, readItem(reader));
  }
  return read;
}

function readItem(reader: Reader): readonly Alternative[] | undefined {
  if (take(reader, ".*")) return [{ segments: ["", ""], isOpen: false }];
  if (take(reader, "[^/]*")) return [{ segments: [""], isOpen: true }];
  if (take(reader, "(")) return readGroup(reader);
  const [written, escaped = written] =
    /^(?:\\([!-/:-@[-^`{-~])|[^\\.+*?()|[\]{}^$])/u.exec(reader.body.slice(reader.at)) ?? [];
  if (written === undefined || escaped === undefined) return undefined;
  reader.at += written.length;
  return [{ segments: [escaped], isOpen: false }];
}

function readGroup(reader: Reader): readonly Alternative[] | undefined {
  const read: Alternative[] = [];
  do {
    const sequence = readSequence(reader);
    if (sequence === undefined) return undefined;
    read.push(...sequence);
  } while (take(reader, "|"));
  if (!take(reader, ")")) return undefined;
  if (take(reader, "?")) read.push(nothing);
  return read;
}

function appendAll(
  before: readonly Alternative[],
  after: readonly Alternative[] | undefined,
): readonly Alternative[] | undefined {
  if (after === undefined || before.length * after.length > mostAlternatives) return undefined;
  const all = before.flatMap((one) => after.map((other) => append(one, other)));
  return all.every((each) => each !== undefined) ? all : undefined;
}

function append(one: Alternative, other: Alternative): Alternative | undefined {
  const [first = "", ...rest] = other.segments;
  const isEmpty = first === "" && rest.length === 0;
  if (one.isOpen) return isEmpty ? one : undefined;
  return { segments: [...one.segments.slice(0, -1), `${one.segments.at(-1)}${first}`, ...rest], isOpen: other.isOpen };
}
