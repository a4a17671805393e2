import { parse, stringify, TomlError } from "smol-toml";
import { type Location, type Locations, locate, pathKey, type TomlPath } from "./locate.ts";
import { type Problem, problem } from "./problem.ts";
import { offsetOf, overridePath, type Place, type SourceText } from "./source-text.ts";

/** A table as the parser delivers it. */
export type Table = Readonly<Record<string, unknown>>;

/** A text that was understood as TOML, with the position of all it says. */
export interface Document {
  readonly source: SourceText;
  readonly table: Table;
  readonly locations: Locations;
}

/** A document, or why the text is none. */
export type Parsed =
  | { readonly kind: "document"; readonly document: Document }
  | { readonly kind: "refused"; readonly problem: Problem };

/** Tells a table from a list, a date and plain values. */
export const isTable = (written: unknown): written is Table =>
  typeof written === "object" && written !== null && !Array.isArray(written) && !(written instanceof Date);

/** Understands a file. */
export function parseDocument(source: SourceText): Parsed {
  try {
    return { kind: "document", document: { source, table: parse(source.text), locations: locate(source.text) } };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { kind: "refused", problem: describeTomlError(source, error) };
  }
}

/** A table of some document as a text of its own. What is wrong in it is shown as it stands there, not as it was written. */
export const writeTable = (path: string, table: Table): SourceText => ({ path, text: stringify(table) });

/** Understands `key=value` of the command line: the value as in a file, or a bare word that is taken as a text. */
export function parseOverride(text: string): Parsed {
  const source = { path: overridePath, text };
  const separator = text.indexOf("=");
  if (separator === -1 || text.slice(separator + 1).trim() === "") {
    const place = { source, span: { start: 0, end: text.length } };
    return { kind: "refused", problem: problem(place, "Cannot read --set: no value is given; write --set KEY=VALUE") };
  }
  const asWritten = parseDocument(source);
  return asWritten.kind === "document" ? asWritten : parseBareWord(source, separator, asWritten);
}

/** Shells eat quotes, so `headroom.low=512MiB` has to do. */
function parseBareWord(source: SourceText, separator: number, asWritten: Parsed): Parsed {
  const key = source.text.slice(0, separator);
  const word = source.text.slice(separator + 1);
  if (/^\s*["'[{]/.test(word)) return asWritten;
  const stand = parseDocument({ path: source.path, text: `${key}=${standIn(word.length)}` });
  if (stand.kind === "refused") return asWritten;
  const { table, locations } = stand.document;
  return { kind: "document", document: { source, table: replaceLeaves(table, word.trim()), locations } };
}

/** A value of that many characters, so that what is located in its text lies there in the real one. */
const standIn = (length: number): string => (length < 2 ? "1" : `"${"x".repeat(length - 2)}"`);

const replaceLeaves = (table: Table, word: string): Table =>
  Object.fromEntries(
    Object.entries(table).map(([key, inner]) => [key, isTable(inner) ? replaceLeaves(inner, word) : word]),
  );

/** Where a path stands, or the nearest table around it that is written. */
export function locationOf(document: Document, path: TomlPath): Location {
  for (let length = path.length; length > 0; length -= 1) {
    const location = document.locations.get(pathKey(path.slice(0, length)));
    if (location !== undefined) return location;
  }
  return { key: { start: 0, end: 0 }, value: { start: 0, end: 0 } };
}

/** Where the last key of a path stands. */
export const placeOfKey = (document: Document, path: TomlPath): Place => ({
  source: document.source,
  span: locationOf(document, path).key,
});

/** Where the value of a path stands. */
export const placeOfValue = (document: Document, path: TomlPath): Place => ({
  source: document.source,
  span: locationOf(document, path).value,
});

function describeTomlError(source: SourceText, error: TomlError): Problem {
  const start = offsetOf(source.text, error.line, error.column);
  const place = { source, span: { start, end: Math.min(source.text.length, start + 1) } };
  const state = (error.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
  const advice = adviseOn(source.text, start, state);
  return problem(
    place,
    `Cannot read ${source.path === overridePath ? overridePath : "the file"} as TOML: ${state}${advice}`,
  );
}

/** What was most likely meant, for the mistakes everybody makes once. */
function adviseOn(text: string, offset: number, state: string): string {
  if (state.includes("escape")) return "; write patterns in single quotes, in which a backslash is only a backslash";
  if (state.includes("redefine")) return "; remove one of them";
  if (state.includes("control characters") && "\r\n".includes(text.charAt(offset)))
    return "; close the text with a quote";
  if (state.includes("in key") && text.charAt(offset) === ":") return "; write = between a key and its value";
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1).split("\n")[0] ?? "";
  const [, word] = /=\s*([\w.%*/-]+)\s*(?:#.*)?\r?$/.exec(line) ?? [];
  return word === undefined ? "" : `; write "${word}" in quotes`;
}
