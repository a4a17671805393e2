/*
 * low 0
 * high 12
 * max 3
 * oom 1
 * oom_kill 1
 * oom_group_kill 0
 *
 * mm/memcontrol.c: __memory_events_show(), with all below it since 5.2; oom_kill since 4.13.
 */
import type { MemcgEvents } from "#domain/memcg.ts";
import { type Label, lineReader, readCount, requireLines } from "./labelled-lines.ts";
import { cursorOver } from "./scanner.ts";

const counter = (name: string): Label<number> => ({ text: `${name} `, read: readCount });

const required = { low: counter("low"), high: counter("high"), max: counter("max"), oom: counter("oom") };

const readLines = lineReader({ ...required, oomKill: counter("oom_kill") });

/** Those of cgroup v2. @throws ParseError */
export function parseMemoryEvents(bytes: Uint8Array): MemcgEvents {
  const cursor = cursorOver("memory.events", bytes);
  const lines = readLines(cursor);
  return { ...requireLines(cursor, lines, required), oomKill: lines.oomKill };
}
