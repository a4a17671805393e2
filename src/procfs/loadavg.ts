/*
 * 0.20 0.18 0.12 1/80 11206
 *
 * fs/proc/loadavg.c: loadavg_proc_show(). The load over 1, 5 and 15 minutes, running/all tasks, and the number that was given
 * to a task last, in the pid namespace of the reader, be it a thread or a process.
 */
import { type Cursor, cursorOver, expectEndOfLine, expectText, readUnsigned, skipWord } from "./scanner.ts";

/** The number that the kernel gave to a task last. @throws ParseError */
export function parseLastPid(bytes: Uint8Array): number {
  const cursor: Cursor = cursorOver("loadavg", bytes);
  for (let field = 0; field < 4; field++) {
    skipWord(cursor);
    expectText(cursor, " ");
  }
  const last = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return last;
}
