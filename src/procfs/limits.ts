/*
 * Limit                     Soft Limit           Hard Limit           Units
 * Max open files            1024                 524288               files
 *
 * fs/proc/base.c: proc_pid_limits()
 */
import { cursorOver, expectText, isAt, isAtEnd, readUnsigned, skipBlanks, skipLine } from "./scanner.ts";

const openFiles = "Max open files";

/** The soft limit of open files; undefined when there is none. @throws ParseError */
export function parseOpenFilesLimit(bytes: Uint8Array): number | undefined {
  const cursor = cursorOver("PID/limits", bytes);
  while (!isAt(cursor, openFiles) && !isAtEnd(cursor)) skipLine(cursor);
  expectText(cursor, openFiles);
  skipBlanks(cursor);
  return isAt(cursor, "unlimited") ? undefined : readUnsigned(cursor);
}
