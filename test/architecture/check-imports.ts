import { dirname, join } from "node:path/posix";
import { type ImportRow, importTable } from "./import-table.ts";
import { type Breach, placeOf, type SourceFile } from "./source-file.ts";

/** One import, export-from or dynamic import, as it is written. */
interface Import {
  readonly specifier: string;
  readonly index: number;
}

const written = /\b(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]/g;

/** The word before the quotes has to be code: in a text it imports nothing. */
const importsOf = ({ uncommented, code }: SourceFile): readonly Import[] =>
  [...uncommented.matchAll(written)]
    .filter(({ index }) => code[index] !== " ")
    .map((match) => ({ specifier: match[1] ?? "", index: match.index }));

/** The alias of a folder in imports: `src/engine` is `#engine`. */
const layerOf = (folder: string): string => folder.replace(/^src\//, "");

/** The folder of the table a file belongs to, however deep it lies in it; its own folder when none does. */
const folderOf = (path: string): string =>
  Object.keys(importTable).find((folder) => path.startsWith(`${folder}/`)) ?? dirname(path);

/** Why an import is refused, or undefined. */
function whyRefused(specifier: string, folder: string): string | undefined {
  if (specifier.includes("../")) return "climbs out of its folder; cross folders by alias";
  if (/^[#.]/.test(specifier) && !specifier.endsWith(".ts")) return "does not name a .ts file";
  if (specifier.startsWith("./")) return undefined;
  const row = Object.hasOwn(importTable, folder) ? importTable[folder] : undefined;
  if (row === undefined) return `${folder} is not in the import table`;
  return isAllowed(specifier, folder, row) ? undefined : `${folder} may not import it`;
}

function isAllowed(specifier: string, folder: string, { layers, packages = [] }: ImportRow): boolean {
  if (!specifier.startsWith("#")) {
    return packages.some((name) => specifier === name || (name === "node:" && specifier.startsWith(name)));
  }
  const target = specifier.slice(1).replace(/\.ts$/, "");
  return [layerOf(folder), ...layers].some((layer) => target === layer || target.startsWith(`${layer}/`));
}

/** Every import that the table does not allow. */
export function checkImports(file: SourceFile): readonly Breach[] {
  return importsOf(file).flatMap(({ specifier, index }) => {
    const why = whyRefused(specifier, folderOf(file.path));
    return why === undefined ? [] : [{ at: placeOf(file, index), what: `"${specifier}": ${why}` }];
  });
}

/** The files of the checkout a file imports. */
function targetsOf(file: SourceFile): readonly string[] {
  const folders = new Map(Object.keys(importTable).map((folder) => [layerOf(folder), folder]));
  return importsOf(file).flatMap(({ specifier }) => {
    if (specifier.startsWith("./")) return [join(dirname(file.path), specifier)];
    const [layer = "", ...rest] = specifier.slice(1).split("/");
    const folder = specifier.startsWith("#") ? folders.get(layer) : undefined;
    return folder === undefined ? [] : [join(folder, ...rest)];
  });
}

/** Cycles among files, types included: a cycle means two concepts that are one. Each is named by the files along it. */
export function findCycles(files: readonly SourceFile[]): readonly Breach[] {
  const targets = new Map(files.map((file) => [file.path, targetsOf(file)]));
  const done = new Set<string>();
  const cycles: Breach[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push({ at: path, what: trail.slice(trail.indexOf(path) + 1).join(" → ") });
    if (trail.includes(path) || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return cycles;
}
