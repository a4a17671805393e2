import { parse } from "smol-toml";
import type { Span } from "./source-text.ts";

/** Where a key and its value stand. */
export interface Location {
  readonly key: Span;
  readonly value: Span;
}

/** Keys from the top of the document to a value; elements of lists are their index. */
export type TomlPath = readonly string[];

/** Where each path of a document stands. */
export type Locations = ReadonlyMap<string, Location>;

/** A path as the key of `Locations`. */
export const pathKey = (path: TomlPath): string => JSON.stringify(path);

/**
 * Finds every key and value of a TOML document that the parser has accepted: the parser keeps no positions.
 * Index-based, one pass. On a text that is no TOML the result is unspecified, but it ends.
 */
export function locate(text: string): Locations {
  const found = new Map<string, Location>();
  const scan = { text, found, elements: new Map<string, number>() };
  let table: TomlPath = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    if (text[at] === "[") {
      table = locateHeader(scan, at);
      at = skipToLineEnd(text, at);
    } else {
      at = locatePair(scan, table, at);
    }
    at = skipBlank(text, at);
  }
  return found;
}

interface Scan {
  readonly text: string;
  readonly found: Map<string, Location>;
  /** How many tables each list of tables has so far. */
  readonly elements: Map<string, number>;
}

/** `[a.b]` or `[[a.b]]`: the table that the pairs below it belong to. */
function locateHeader({ text, found, elements }: Scan, start: number): TomlPath {
  const isElement = text[start + 1] === "[";
  const header = readKey(text, start + (isElement ? 2 : 1));
  const table = enterTable(header.names, isElement, elements);
  const span = header.spans.at(-1) ?? { start, end: start + 1 };
  for (const path of isElement ? [table.slice(0, -1), table] : [table]) {
    found.set(pathKey(path), { key: span, value: span });
  }
  return table;
}

/** The path of a `[header]` or `[[header]]`: inside a list of tables, the header speaks of the last one. */
function enterTable(names: readonly string[], isElement: boolean, elements: Map<string, number>): TomlPath {
  const path: string[] = [];
  for (const [depth, name] of names.entries()) {
    path.push(name);
    const key = pathKey(path);
    const count = elements.get(key) ?? 0;
    const isNew = isElement && depth === names.length - 1;
    if (isNew) elements.set(key, count + 1);
    if (isNew) path.push(String(count));
    else if (count > 0) path.push(String(count - 1));
  }
  return path;
}

/** `a.b = value`, from its first character to the one after its last. */
function locatePair(scan: Scan, table: TomlPath, start: number): number {
  const key = readKey(scan.text, start);
  const valueStart = skipSpaces(scan.text, skipSpaces(scan.text, key.end) + 1);
  const path = [...table, ...key.names];
  const end = locateValue(scan, path, valueStart);
  for (const [depth, span] of key.spans.entries()) {
    const prefix = pathKey([...table, ...key.names.slice(0, depth + 1)]);
    if (!scan.found.has(prefix) || depth === key.spans.length - 1) {
      scan.found.set(prefix, { key: span, value: { start: valueStart, end } });
    }
  }
  return Math.max(end, start + 1);
}

/** The offset after a value; values inside it are located too. */
function locateValue(scan: Scan, path: TomlPath, start: number): number {
  switch (scan.text[start]) {
    case '"':
    case "'":
      return skipString(scan.text, start);
    case "[":
      return locateElements(scan, path, start);
    case "{":
      return locateInlineTable(scan, path, start);
    default: {
      const end = skipWhile(scan.text, start, (c) => !",]}#\r\n".includes(c));
      return start + scan.text.slice(start, end).trimEnd().length;
    }
  }
}

function locateElements(scan: Scan, path: TomlPath, start: number): number {
  let at = skipBlank(scan.text, start + 1);
  for (let index = 0; at < scan.text.length && scan.text[at] !== "]"; index += 1) {
    const elementPath = [...path, String(index)];
    const end = Math.max(locateValue(scan, elementPath, at), at + 1);
    scan.found.set(pathKey(elementPath), { key: { start: at, end }, value: { start: at, end } });
    at = skipSeparator(scan.text, end);
  }
  return at + 1;
}

function locateInlineTable(scan: Scan, path: TomlPath, start: number): number {
  let at = skipBlank(scan.text, start + 1);
  while (at < scan.text.length && scan.text[at] !== "}") {
    at = skipSeparator(scan.text, locatePair(scan, path, at));
  }
  return at + 1;
}

interface Key {
  readonly names: readonly string[];
  readonly spans: readonly Span[];
  readonly end: number;
}

/** A bare, quoted or dotted key. */
function readKey(text: string, start: number): Key {
  const names: string[] = [];
  const spans: Span[] = [];
  let at = skipSpaces(text, start);
  for (;;) {
    const end = readKeyPart(text, at);
    names.push(unquote(text.slice(at, end)));
    spans.push({ start: at, end });
    at = skipSpaces(text, end);
    if (text[at] !== ".") return { names, spans, end: at };
    at = skipSpaces(text, at + 1);
  }
}

const readKeyPart = (text: string, start: number): number =>
  text[start] === '"' || text[start] === "'"
    ? skipString(text, start)
    : skipWhile(text, start, (c) => !" \t.=]\r\n".includes(c));

function unquote(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1);
  if (!written.startsWith('"')) return written;
  return written.includes("\\") ? String(parse(`key = ${written}`)["key"]) : written.slice(1, -1);
}

/** The offset after a string of any of the four kinds. */
function skipString(text: string, start: number): number {
  const quote = text.charAt(start);
  const isLong = text.startsWith(quote.repeat(3), start);
  const closing = isLong ? quote.repeat(3) : quote;
  let at = start + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === "\\" ? 2 : 1;
  at += closing.length;
  // A long string may end in one or two quotes of its own, before the closing three.
  for (let own = 0; isLong && own < 2 && text[at] === quote; own += 1) at += 1;
  return Math.min(text.length, at);
}

function skipWhile(text: string, start: number, holds: (character: string) => boolean): number {
  let at = start;
  while (at < text.length && holds(text.charAt(at))) at += 1;
  return at;
}

const skipSpaces = (text: string, start: number): number => skipWhile(text, start, (c) => c === " " || c === "\t");

const skipToLineEnd = (text: string, start: number): number => skipWhile(text, start, (c) => c !== "\n");

/** Spaces, line ends and comments. */
function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = skipWhile(text, at, (c) => " \t\r\n".includes(c));
    if (text[at] !== "#") return at;
    at = skipToLineEnd(text, at);
  }
}

/** To the next element of a list or inline table, over the comma between them. */
function skipSeparator(text: string, start: number): number {
  const at = skipBlank(text, start);
  return text[at] === "," ? skipBlank(text, at + 1) : at;
}
