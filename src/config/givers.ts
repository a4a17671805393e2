import type { GiverMeans } from "#domain/giver.ts";
import { seconds } from "#domain/units.ts";
import { type Document, placeOfKey, type Table } from "./document.ts";
import { giverValues } from "./giver-values.ts";
import type { TomlPath } from "./locate.ts";
import { listWords } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { giverListKey } from "./settle.ts";
import { describePlace } from "./source-text.ts";
import { type Reading, readTableList, readTableValues, type TableValues } from "./table-list.ts";
import type { WrittenGiver } from "./written-giver.ts";

type Key = keyof typeof giverValues;
type Values = TableValues<typeof giverValues>;
/** Programs are named by rules. */
type Kind = Exclude<GiverMeans["kind"], "program">;

const defaultTimeout = seconds(1);

/** What a giver of each kind has to say, and what it may. */
const keysOf: Readonly<Record<Kind, { readonly needed: readonly Key[]; readonly allowed: readonly Key[] }>> = {
  hook: { needed: ["run"], allowed: ["user"] },
  reclaim: { needed: ["cgroup", "amount"], allowed: [] },
  "drop-caches": { needed: ["level"], allowed: [] },
};

/** The givers of all documents, in their order, which is that in which they are asked. */
export function readGivers(documents: readonly Document[]): {
  readonly givers: readonly WrittenGiver[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const givers = documents.flatMap((document) => readTableList({ document, problems }, giverListKey, readGiver));
  return { givers, problems: [...problems, ...refuseNamesakes(givers)] };
}

function readGiver(reading: Reading, path: TomlPath, table: Table): WrittenGiver | undefined {
  const place = placeOfKey(reading.document, path);
  const values = readTableValues(reading, { noun: "giver", path, table }, giverValues);
  const lacks = (key: Key) => {
    reading.problems.push(problem(place, `Cannot use a giver without ${key}: write ${giverValues[key].wants}`));
  };
  for (const key of ["name", "kind"] as const) if (table[key] === undefined) lacks(key);
  const { name, kind, timeout = defaultTimeout } = values;
  if (kind === undefined) return undefined;
  for (const key of keysOf[kind].needed) if (table[key] === undefined) lacks(key);
  refuseStray(reading, path, { kind, table });
  const means = meansOf(kind, values);
  return name === undefined || means === undefined ? undefined : { place, giver: { name, means, timeout } };
}

interface OfKind {
  readonly kind: Kind;
  readonly table: Table;
}

/** What another kind of giver would say is a sign that this one does not do what was meant. */
function refuseStray({ document, problems }: Reading, path: TomlPath, { kind, table }: OfKind): void {
  const { needed, allowed } = keysOf[kind];
  const own = ["name", "kind", "timeout", ...needed, ...allowed];
  for (const key of Object.keys(table).filter((each) => Object.hasOwn(giverValues, each) && !own.includes(each))) {
    const message = `Cannot use ${key} here: a giver of kind "${kind}" has ${listWords(own)}; remove it`;
    problems.push(problem(placeOfKey(document, [...path, key]), message));
  }
}

function meansOf(kind: Kind, { run, user, cgroup, amount, level }: Values): GiverMeans | undefined {
  switch (kind) {
    case "hook":
      return run && { kind, run, user };
    case "reclaim":
      return cgroup === undefined || amount === undefined ? undefined : { kind, cgroup, amount };
    case "drop-caches":
      return level && { kind, level };
  }
}

function refuseNamesakes(givers: readonly WrittenGiver[]): readonly Problem[] {
  return givers.flatMap(({ giver: { name }, place }, index) => {
    const earlier = givers.slice(0, index).find((other) => other.giver.name === name);
    if (earlier === undefined) return [];
    const where = describePlace(earlier.place);
    return [
      problem(place, `Cannot have two givers called "${name}": the other one is at ${where}; rename one of them`),
    ];
  });
}
