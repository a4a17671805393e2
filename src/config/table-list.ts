import { type Document, isTable, placeOfKey, type Table } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { type Problem, problem } from "./problem.ts";

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
