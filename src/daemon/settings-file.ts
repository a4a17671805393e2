import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import type { SourceText } from "#config/source-text.ts";
import { codeOf } from "#domain/system-error.ts";
import { bytes, bytesToKiB, mib } from "#domain/units.ts";

/** A file that was to be read and could not be. */
export class UnreadableConfig extends Error {
  constructor(path: string, why: string, cause?: unknown) {
    super(`Cannot read "${path}": ${why}`, { cause });
    this.name = "UnreadableConfig";
  }
}

/** A text, and what is known of its file. */
export interface SettingsFile {
  readonly source: SourceText;
  readonly stats: Stats;
}

/** Many times what anybody wrote by hand; a reload must not need memory as if there were plenty. */
const largest = mib(1);

/** What was thrown, as a refusal of that path. */
export const unreadable = (path: string, error: unknown): UnreadableConfig =>
  error instanceof UnreadableConfig
    ? error
    : new UnreadableConfig(path, `${codeOf(error)}; name a file that exists and that you may read`, error);

/** Reads a file of settings, never waiting for it: a pipe nobody writes to would end the watch at the next reload. @throws UnreadableConfig */
export function readSettingsFile(path: string): SettingsFile {
  try {
    // Without O_NONBLOCK the opening of a pipe waits already.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const stats = fstatSync(fd);
      requireModest(path, stats);
      return { source: { path, text: decode(path, readFileSync(fd)) }, stats };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function requireModest(path: string, stats: Stats): void {
  if (!stats.isFile()) throw new UnreadableConfig(path, "it is no regular file; name one");
  if (bytesToKiB(bytes(stats.size)) > largest) {
    throw new UnreadableConfig(path, "it is larger than 1 MiB; no settings are, so name another file");
  }
}

function decode(path: string, content: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    throw new UnreadableConfig(path, "it is not UTF-8, as TOML has to be; save it as UTF-8", error);
  }
}
