/*
 * 1
 *
 * mm/memcontrol.c: memory_oom_group_show(), memory.oom.group of cgroup v2 since 4.19. The root has none.
 */
import { readFlag } from "./labelled-lines.ts";
import { cursorOver } from "./scanner.ts";

/** Whether the memcg is killed as a whole. @throws ParseError */
export const parseOomGroup = (bytes: Uint8Array): boolean => readFlag(cursorOver("memory.oom.group", bytes));
