import { type Document, isTable, placeOfKey, placeOfValue, type Table } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { excerpt } from "./settle.ts";
import type { ValueOf, ValueType } from "./value-type.ts";

/** A document that is being read, and what was found wrong with it. */
export interface Reading {
  readonly document: Document;
  readonly problems: Problem[];
}

/** Reads each table of a list such as `[[rule]]`; those that are wrong are left out, and the problems say why. */
export function readTableList<T>(
  { document, problems }: Reading,
  key: string,
  read: (reading: Reading, path: TomlPath, table: Table) => T | undefined,
): readonly T[] {
  const written = document.table[key];
  if (written === undefined) return [];
  const list = Array.isArray(written) ? written : [];
  if (!Array.isArray(written) || !list.every(isTable)) {
    const place = placeOfKey(document, [key]);
    problems.push(problem(place, `Cannot read ${key}: it is not a list of tables; write [[${key}]] above each ${key}`));
    return [];
  }
  return list.flatMap((table: Table, index) => {
    const before = problems.length;
    const one = read({ document, problems }, [key, String(index)], table);
    const isWrong = problems.slice(before).some((each) => each.severity === "error");
    return isWrong || one === undefined ? [] : [one];
  });
}

/** What the keys of such a table may hold. */
export type TableTypes = Readonly<Record<string, ValueType<unknown>>>;

/** The values of a table as far as they are written, and make sense. */
export type TableValues<T extends TableTypes> = { readonly [K in keyof T]?: ValueOf<T[K]> };

/** A table as it is found: a list of tables has its name, and its own keys have theirs. */
export interface FoundTable {
  /** What one of them is called. */
  readonly noun: string;
  readonly path: TomlPath;
  readonly table: Table;
}

/** Reads the values of one table; the problems tell of keys that nobody knows and of values that make no sense. */
export function readTableValues<const T extends TableTypes>(
  { document, problems }: Reading,
  { noun, path, table }: FoundTable,
  types: T,
): TableValues<T> {
  for (const key of Object.keys(table).filter((each) => !Object.hasOwn(types, each))) {
    problems.push(problem(placeOfKey(document, [...path, key]), describeUnknown(noun, key, types)));
  }
  const entries = Object.entries(types).flatMap(([key, type]) => {
    const written = table[key];
    if (written === undefined) return [];
    const read = type.read(written);
    if (read.kind === "value") return [[key, read.value]];
    const place = placeOfValue(document, [...path, key]);
    problems.push(problem(place, `Cannot set ${noun}.${key} to ${excerpt(place)}: ${read.found}; ${read.wanted}`));
    return [];
  });
  return Object.fromEntries(entries);
}

function describeUnknown(noun: string, key: string, types: TableTypes): string {
  const known = Object.keys(types);
  const nearest = nearestWord(key, known);
  const wanted = nearest === undefined ? `a ${noun} has ${listWords(known)}` : `write ${nearest}`;
  return `Cannot use ${noun}.${key}: there is no such key; ${wanted}`;
}
