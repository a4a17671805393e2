/*
 * cpuset cpu io memory pids
 *
 * kernel/cgroup/cgroup.c: cgroup_print_ss_mask(); an empty line where there are none.
 */
import { cursorOver, endOfLine, expectEndOfLine } from "./scanner.ts";
import { decodeText } from "./text.ts";

/** The controllers a cgroup has (`cgroup.controllers`). @throws ParseError */
export function parseCgroupControllers(bytes: Uint8Array): readonly string[] {
  const cursor = cursorOver("cgroup.controllers", bytes);
  const end = endOfLine(cursor);
  const names = decodeText(bytes, 0, end).split(" ").filter(Boolean);
  expectEndOfLine({ ...cursor, offset: end });
  return names;
}
