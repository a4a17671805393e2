import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Sources } from "#config/load.ts";
import { namedUsers } from "#config/named-users.ts";
import type { Problem } from "#config/problem.ts";
import type { SourceText } from "#config/source-text.ts";
import { codeOf } from "#domain/system-error.ts";
import { findUser } from "#linux/user-table.ts";
import { packageRoot } from "./package-root.ts";
import { readSettingsFile, type SettingsFile, UnreadableConfig, unreadable } from "./settings-file.ts";
import { adviseOnOwners, type Owned } from "./settings-owners.ts";

/** Where the settings are when nobody says otherwise. */
export const defaultConfigPath = "/etc/tidemark/tidemark.toml";

const tomlEnding = ".toml";

/** inode(7): in such a folder only the owner of a file may replace it. */
const sticky = 0o1000;

/** What the command line says about settings. */
export interface ConfigChoice {
  /** Undefined: {@link defaultConfigPath}, which need not exist. A file that is named has to. */
  readonly path: string | undefined;
  /** Texts that are no files of their own and have a say after those: the settings of a story. */
  readonly told?: readonly SourceText[];
  /** `key=value`, the strongest of all. */
  readonly overrides: readonly string[];
}

/** All that was read, and what is to be said about where it lies. */
export interface ReadSources {
  readonly sources: Sources;
  readonly advice: readonly Problem[];
}

/** A file that has to be there. @throws UnreadableConfig */
export const readNamedText = (path: string): SourceText => readSettingsFile(path).source;

function readMain({ path }: ConfigChoice): readonly SettingsFile[] {
  try {
    return [readSettingsFile(path ?? defaultConfigPath)];
  } catch (error) {
    const mayBeAbsent = path === undefined && error instanceof UnreadableConfig && codeOf(error.cause) === "ENOENT";
    if (mayBeAbsent) return [];
    throw error;
  }
}

/** The names in a folder that settings are read from; none when there is no such folder. */
function listToml(folder: string, { mustExist }: { readonly mustExist: boolean }): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(tomlEnding));
  } catch (error) {
    if (!mustExist && codeOf(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

/** `tidemark.toml` has its drop-ins in `tidemark.d/`. */
const dropInFolder = (path: string): string =>
  path.endsWith(tomlEnding) ? `${path.slice(0, -tomlEnding.length)}.d` : `${path}.d`;

/** In the order of their names. One that is listed has to be readable: rules that protect may stand in it. */
const readDropIns = (folder: string): readonly SettingsFile[] =>
  listToml(folder, { mustExist: false })
    .toSorted()
    .map((name) => readSettingsFile(join(folder, name)));

function readPresets(): Sources["presets"] {
  const folder = join(packageRoot(), "policies", "presets");
  const names = listToml(folder, { mustExist: true });
  return Object.fromEntries(names.map((name) => [basename(name, tomlEnding), readNamedText(join(folder, name)).text]));
}

/** Folders in which others could put other files in place. In one with the sticky bit they cannot, but can add drop-ins. */
function foldersOf(main: string): readonly Owned[] {
  const beside = statIfPresent(dirname(main)).filter(({ stats }) => (stats.mode & sticky) === 0);
  return [...beside, ...statIfPresent(dropInFolder(main))];
}

function statIfPresent(folder: string): readonly Owned[] {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined ? [] : [{ source: { path: folder, text: "" }, stats }];
}

/** Whom rules name, as far as this machine knows them. */
function findUsers(texts: Pick<Sources, "files" | "overrides">): Pick<Sources, "users"> {
  const names = namedUsers(texts);
  const found = names.flatMap((name) => [findUser(name)].flatMap((user) => (user ? [[name, user.uid] as const] : [])));
  return names.length === 0 ? {} : { users: Object.fromEntries(found) };
}

/** Reads everything that has a say in the settings. @throws UnreadableConfig */
export function readSources(choice: ConfigChoice): ReadSources {
  const main = choice.path ?? defaultConfigPath;
  const files = [...readMain(choice), ...readDropIns(dropInFolder(main))];
  const texts = [...files.map(({ source }) => source), ...(choice.told ?? [])];
  const { overrides } = choice;
  const sources = { presets: readPresets(), files: texts, overrides, ...findUsers({ files: texts, overrides }) };
  // Only root's settings are a way to the processes of others.
  const isRoot = process.geteuid?.() === 0;
  return { sources, advice: isRoot ? adviseOnOwners([...files, ...foldersOf(main)]) : [] };
}
