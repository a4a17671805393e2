import { constants, lstatSync, openSync, unlinkSync } from "node:fs";
import { codeOf } from "#domain/system-error.ts";

/** A file that cannot be made, and why, for people. */
export class CannotRecord extends Error {
  constructor(path: string, why: string, cause?: unknown) {
    super(`Cannot record to "${path}": ${why}`, { cause });
    this.name = "CannotRecord";
  }
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Its owner's alone: it tells what runs on the machine. */
const ownerOnly = 0o600;

/**
 * Makes a file that was not there, and opens it. Whatever stands in its place (a link to somewhere else above all) is never
 * written through; with `replaces` a regular file is taken away first.
 * @throws CannotRecord
 */
export function makeNewFile(path: string, { replaces }: { readonly replaces: boolean }): number {
  if (replaces) removeFile(path);
  try {
    return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnly);
  } catch (error) {
    throw new CannotRecord(path, codeOf(error) === "EEXIST" ? describeWhatIsThere(path) : said(error), error);
  }
}

/** A way out is named only where it leads out. */
const describeWhatIsThere = (path: string): string =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile()
    ? "a file of that name is there; name another one, put {time} into its name, or give --force"
    : notRegular;

const notRegular = "what is there is no regular file; name another file";

function removeFile(path: string): void {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isFile()) throw new CannotRecord(path, notRegular);
    unlinkSync(path);
  } catch (error) {
    throw error instanceof CannotRecord ? error : new CannotRecord(path, said(error), error);
  }
}

const said = (error: unknown): string =>
  `${codeOf(error)}; name a file in a folder that exists and that you may write to`;
