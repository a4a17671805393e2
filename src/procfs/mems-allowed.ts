/*
 * Mems_allowed:	00000000,00000003
 * Mems_allowed_list:	0-1
 *
 * kernel/cgroup/cpuset.c: cpuset_task_status_allowed(), two of the last lines of PID/status. A kernel without cpusets has neither.
 */
import type { NodeList } from "#domain/node-list.ts";
import { lineReader } from "./labelled-lines.ts";
import { readNodeList } from "./node-list.ts";
import { cursorOver } from "./scanner.ts";

const readLines = lineReader({ allowed: { text: "Mems_allowed_list:\t", read: readNodeList } });

/** The nodes that one thread may use, of its `status`. Undefined: the kernel does not tell. @throws ParseError */
export const parseMemsAllowed = (bytes: Uint8Array): NodeList | undefined =>
  readLines(cursorOver("PID/status", bytes)).allowed;
