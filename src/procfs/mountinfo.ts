/*
 * 35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
 * 41 31 0:38 /docker/7f3a /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate
 *
 * fs/proc_namespace.c: show_mountinfo(). Behind the options of the mount come any number of optional fields, and a "-" ends them.
 * Blank, tab, newline and backslash of a path are octal escapes.
 */

import { decodeEscaped } from "./octal-escapes.ts";
import { type Cursor, cursorOver, expectEndOfLine, expectText, isAt, isAtEnd, skipLine, skipWord } from "./scanner.ts";

/** One file system where it is mounted. */
export interface Mount {
  /** The part of the file system that is mounted: `/` for all of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  /** Those of the file system: for a hierarchy of cgroup v1, its controllers are among them. */
  readonly options: readonly string[];
}

/** All mounts, in the order of mounting; a later one hides an earlier one at its place. @throws ParseError */
export function parseMountinfo(bytes: Uint8Array): readonly Mount[] {
  const cursor = cursorOver("mountinfo", bytes);
  const mounts: Mount[] = [];
  while (!isAtEnd(cursor)) {
    mounts.push(readMount(cursor));
    expectEndOfLine(cursor);
    skipLine(cursor);
  }
  return mounts;
}

const wordsBeforeRoot = 3;
const endOfOptionalFields = "- ";

function readMount(cursor: Cursor): Mount {
  for (let word = 0; word < wordsBeforeRoot; word++) readWord(cursor);
  const root = readWord(cursor);
  const mountPoint = readWord(cursor);
  readWord(cursor);
  while (!isAt(cursor, endOfOptionalFields)) readWord(cursor);
  expectText(cursor, endOfOptionalFields);
  const type = readWord(cursor);
  // A source without a name leaves two blanks.
  if (!isAt(cursor, " ")) skipWord(cursor);
  expectText(cursor, " ");
  const start = cursor.offset;
  skipWord(cursor);
  const options = decodeEscaped(cursor.bytes.subarray(start, cursor.offset)).split(",");
  return { root, mountPoint, type, options };
}

function readWord(cursor: Cursor): string {
  const start = cursor.offset;
  skipWord(cursor);
  const word = decodeEscaped(cursor.bytes.subarray(start, cursor.offset));
  expectText(cursor, " ");
  return word;
}
