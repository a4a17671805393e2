/*
 * oom_kill_disable 0
 * under_oom 0
 * oom_kill 3
 *
 * mm/memcontrol-v1.c: mem_cgroup_oom_control_read(); oom_kill since 4.13.
 */
import { lineReader, readCount } from "./labelled-lines.ts";
import { cursorOver } from "./scanner.ts";

const readLines = lineReader({ oomKill: { text: "oom_kill ", read: readCount } });

/** How many processes of a memcg of v1 the kernel has killed; undefined before Linux 4.13. @throws ParseError */
export const parseOomControl = (bytes: Uint8Array): number | undefined =>
  readLines(cursorOver("memory.oom_control", bytes)).oomKill;
