import { type Document, isTable, placeOfKey, placeOfValue, type Table } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { type Setting, settingName } from "./schema.ts";
import { sections } from "./sections.ts";
import { type Place, textAt } from "./source-text.ts";
import { describeWritten } from "./value-type.ts";

/** The value of a setting, and who says so. */
export interface Settled {
  readonly setting: Setting;
  readonly value: unknown;
  /** Undefined: nobody wrote it, it is the default. */
  readonly place: Place | undefined;
  /** What was written cannot be used; `value` is the default, so that other settings can still be read. */
  readonly isRefused: boolean;
}

/** Every setting there is, by its dotted name. */
export type SettledSettings = ReadonlyMap<string, Settled>;

/** The keys of the top of a file that hold no setting and no section but lists. */
export const ruleListKey = "rule";
/** See {@link ruleListKey}. */
export const giverListKey = "giver";
/** See {@link ruleListKey}. */
export const memcgListKey = "memcg";
const listKeys: readonly string[] = [ruleListKey, giverListKey, memcgListKey];

/** The value of each setting: what the last of the documents says, or the default. */
export function settle(documents: readonly Document[]): {
  readonly settled: SettledSettings;
  readonly problems: readonly Problem[];
} {
  const settled = new Map(defaults());
  const problems: Problem[] = [];
  for (const document of documents) readTable({ document, settled, problems }, [], document.table);
  return { settled, problems };
}

function defaults(): readonly (readonly [string, Settled])[] {
  return Object.entries(sections).flatMap(([section, { settings }]) =>
    Object.entries(settings).map(([key, setting]) => {
      const value = defaultOf(setting);
      return [settingName(section, key), { setting, value, place: undefined, isRefused: false }] as const;
    }),
  );
}

/** @throws RangeError when a default is not a value of its own type: a bug of the schema. */
export function defaultOf(setting: Setting): unknown {
  const read = setting.type.read(setting.default);
  if (read.kind === "refused") throw new RangeError(`Cannot use the default ${setting.default}: ${read.found}`);
  return read.value;
}

interface Reading {
  readonly document: Document;
  readonly settled: Map<string, Settled>;
  readonly problems: Problem[];
}

function readTable(reading: Reading, path: TomlPath, table: Table): void {
  const section = path.join(".");
  for (const [key, written] of Object.entries(table)) {
    const inner = [...path, key];
    const name = settingName(section, key);
    const setting = settingAt(section, key);
    if (setting !== undefined) readSetting(reading, { name, path: inner, setting }, written);
    else if (isSectionPath(name)) readSection(reading, inner, written);
    else if (!listKeys.includes(name)) reading.problems.push(refuseUnknown(reading.document, inner, written));
  }
}

function settingAt(section: string, key: string): Setting | undefined {
  const settings = Object.hasOwn(sections, section) ? sections[section]?.settings : undefined;
  return settings !== undefined && Object.hasOwn(settings, key) ? settings[key] : undefined;
}

const isSectionPath = (name: string): boolean =>
  Object.keys(sections).some((section) => section === name || section.startsWith(`${name}.`));

function readSection(reading: Reading, path: TomlPath, written: unknown): void {
  if (isTable(written)) {
    readTable(reading, path, written);
    return;
  }
  const name = path.join(".");
  const isList = Array.isArray(written);
  const found = isList ? "it is written as a list" : `${describeWritten(written)} is not a section`;
  const message = `Cannot read ${name}: ${found}; write [${name}] on a line of its own`;
  reading.problems.push(problem(placeOfKey(reading.document, path), message));
}

interface Named {
  readonly name: string;
  readonly path: TomlPath;
  readonly setting: Setting;
}

function readSetting({ document, settled, problems }: Reading, { name, path, setting }: Named, written: unknown): void {
  const place = placeOfValue(document, path);
  const read = setting.type.read(written);
  if (read.kind === "value") {
    settled.set(name, { setting, value: read.value, place, isRefused: false });
    return;
  }
  settled.set(name, { setting, value: defaultOf(setting), place, isRefused: true });
  problems.push(problem(place, `Cannot set ${name} to ${excerpt(place)}: ${read.found}; ${read.wanted}`));
}

const longestExcerpt = 40;

/** What was written, on one line and not longer than a message can bear. */
export function excerpt(place: Place): string {
  const written = textAt(place).replace(/\s+/g, " ");
  return written.length <= longestExcerpt ? written : `${written.slice(0, longestExcerpt - 1)}…`;
}

function refuseUnknown(document: Document, path: TomlPath, written: unknown): Problem {
  const name = path.join(".");
  const place = placeOfKey(document, path);
  if (isTable(written)) {
    const nearest = nearestWord(name, [...Object.keys(sections).filter((section) => section !== ""), ...listKeys]);
    return problem(place, `Cannot use [${name}]: there is no such section; ${adviseSection(nearest)}`);
  }
  return problem(place, `Cannot use ${name}: there is no such setting; ${adviseKey(path)}`);
}

function adviseSection(nearest: string | undefined): string {
  if (nearest !== undefined && listKeys.includes(nearest)) return `write [[${nearest}]]`;
  if (nearest !== undefined) return `write [${nearest}]`;
  const known = Object.keys(sections).flatMap((section) => section.split(".")[0] || []);
  return `there are ${listWords([...new Set(known)])}`;
}

function adviseKey(path: TomlPath): string {
  const section = path.slice(0, -1).join(".");
  const key = path.at(-1) ?? "";
  const known = Object.keys(sections[section]?.settings ?? {});
  const nearest = nearestWord(key, known);
  if (nearest !== undefined) return `write ${nearest}`;
  const elsewhere = Object.keys(sections).find((other) => settingAt(other, key) !== undefined);
  if (elsewhere !== undefined)
    return elsewhere === "" ? `${key} belongs at the top` : `${key} belongs in [${elsewhere}]`;
  if (section === "") return "settings belong in sections, such as [headroom]";
  return known.length === 0 ? `[${section}] has none` : `[${section}] has ${listWords(known)}`;
}
