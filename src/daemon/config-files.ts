import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Sources } from "#config/load.ts";
import type { SourceText } from "#config/source-text.ts";
import { packageRoot } from "./package-root.ts";

/** Where the settings are when nobody says otherwise. */
export const defaultConfigPath = "/etc/tidemark/tidemark.toml";

const tomlEnding = ".toml";

/** What the command line says about settings. */
export interface ConfigChoice {
  /** Undefined: {@link defaultConfigPath}, which need not exist. A file that is named has to. */
  readonly path: string | undefined;
  /** `key=value`, the strongest of all. */
  readonly overrides: readonly string[];
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";

/** A file that was to be read and could not be. */
export class UnreadableConfig extends Error {
  constructor(path: string, cause: unknown) {
    super(`Cannot read "${path}": ${codeOf(cause)}; name a file that exists and that you may read`, { cause });
    this.name = "UnreadableConfig";
  }
}

const readText = (path: string): SourceText => ({ path, text: readFileSync(path, "utf8") });

/** A file that has to be there. @throws UnreadableConfig */
export function readNamedText(path: string): SourceText {
  try {
    return readText(path);
  } catch (error) {
    throw new UnreadableConfig(path, error);
  }
}

function readIfPresent(path: string, mustExist: boolean): readonly SourceText[] {
  try {
    return [readText(path)];
  } catch (error) {
    if (!mustExist && codeOf(error) === "ENOENT") return [];
    throw new UnreadableConfig(path, error);
  }
}

/** `tidemark.toml` has its drop-ins in `tidemark.d/`, in the order of their names. */
function readDropIns(path: string): readonly SourceText[] {
  const folder = path.endsWith(tomlEnding) ? `${path.slice(0, -tomlEnding.length)}.d` : `${path}.d`;
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(tomlEnding));
    return names.toSorted().map((name) => readText(join(folder, name)));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw new UnreadableConfig(folder, error);
  }
}

function readPresets(): Sources["presets"] {
  const folder = join(packageRoot(), "policies", "presets");
  const names = readdirSync(folder).filter((name) => name.endsWith(tomlEnding));
  return Object.fromEntries(names.map((name) => [basename(name, tomlEnding), readText(join(folder, name)).text]));
}

/** Reads everything that has a say in the settings. @throws UnreadableConfig */
export function readSources({ path, overrides }: ConfigChoice): Sources {
  const main = path ?? defaultConfigPath;
  const files = [...readIfPresent(main, path !== undefined), ...readDropIns(main)];
  return { presets: readPresets(), files, overrides };
}
