/*
 * 1
 *
 * kernel/sysctl.c: proc_dointvec(), for every file of /proc/sys that holds one number; it may be negative.
 */
import { cursorOver, expectEndOfLine, readSigned } from "./scanner.ts";

/** @throws ParseError */
export function parseSysctl(bytes: Uint8Array): number {
  const cursor = cursorOver("sysctl", bytes);
  const value = readSigned(cursor);
  expectEndOfLine(cursor);
  return value;
}
