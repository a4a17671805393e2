import { type Document, isTable, placeOfKey, placeOfValue, type Table } from "#config/document.ts";
import type { TomlPath } from "#config/locate.ts";
import { listWords, nearestWord } from "#config/nearest.ts";
import { type Problem, problem } from "#config/problem.ts";
import { excerpt } from "#config/settle.ts";
import { textAt } from "#config/source-text.ts";
import type { ValueType } from "#config/value-type.ts";

/** A table of a document on its way to becoming a value; what is wrong with it is collected, never thrown. */
export interface TableReader {
  readonly document: Document;
  readonly problems: Problem[];
  readonly path: TomlPath;
  readonly table: Table;
}

/** The reader of a whole document. */
export const readerOf = (document: Document, problems: Problem[]): TableReader => ({
  document,
  problems,
  path: [],
  table: document.table,
});

/** Refuses every key that nobody asks for. */
export function refuseUnknownKeys({ document, problems, path, table }: TableReader, known: readonly string[]): void {
  for (const key of Object.keys(table).filter((each) => !known.includes(each))) {
    const nearest = nearestWord(key, known);
    const wanted = nearest === undefined ? `write one of ${listWords(known)}` : `write ${nearest}`;
    const place = placeOfKey(document, [...path, key]);
    problems.push(problem(place, `Cannot use the key "${key}": there is no such key here; ${wanted}`));
  }
}

/** The value of a key, or undefined when it is not written or refused. */
export function readValue<T>(
  { document, problems, path, table }: TableReader,
  key: string,
  type: ValueType<T>,
): T | undefined {
  const written = table[key];
  if (written === undefined) return undefined;
  const read = type.read(written);
  if (read.kind === "value") return read.value;
  const place = placeOfValue(document, [...path, key]);
  problems.push(problem(place, `Cannot set ${key} to ${excerpt(place)}: ${read.found}; ${read.wanted}`));
  return undefined;
}

/** The value of a key that has to be there; `fallback` stands in for it once the problem is told. */
export function readRequired<T>(
  reader: TableReader,
  key: string,
  { type, fallback }: { type: ValueType<T>; fallback: T },
): T {
  if (reader.table[key] === undefined) {
    const place = placeOfKey(reader.document, reader.path);
    reader.problems.push(problem(place, `Cannot do without ${key}: it is not written; add ${key}, ${type.wants}`));
  }
  return readValue(reader, key, type) ?? fallback;
}

/** The table under a key, or undefined when there is none. */
export function readTable<R extends TableReader>(reader: R, key: string): R | undefined {
  const written = reader.table[key];
  if (written === undefined) return undefined;
  const path = [...reader.path, key];
  if (isTable(written)) return { ...reader, path, table: written };
  const place = placeOfValue(reader.document, path);
  reader.problems.push(
    problem(place, `Cannot use ${key} = ${excerpt(place)}: it is not a table; write ${key} = { … }`),
  );
  return undefined;
}

/** The tables of a list under a key; an empty list when there is none. */
export function readTables<R extends TableReader>(reader: R, key: string): readonly R[] {
  const written = reader.table[key];
  if (written === undefined) return [];
  if (Array.isArray(written) && written.every(isTable)) {
    return written.map((table: Table, index) => ({ ...reader, path: [...reader.path, key, String(index)], table }));
  }
  const place = placeOfKey(reader.document, [...reader.path, key]);
  reader.problems.push(
    problem(place, `Cannot use ${textAt(place)}: it is not a list of tables; write ${key} = [{ … }]`),
  );
  return [];
}

/** Makes something of a value that is there. */
export const map = <T, U>(value: T | undefined, make: (value: T) => U): U | undefined =>
  value === undefined ? undefined : make(value);
