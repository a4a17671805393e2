/*
 * 67108864
 *
 * mm/memcontrol.c: memory_current_read(), memory.swap.current; mm/memcontrol-v1.c: mem_cgroup_read_u64(), RES_FAILCNT
 */
import { bytes as bytesOf, bytesToKiB, type KiB } from "#domain/units.ts";
import { cursorOver, expectEndOfLine, readUnsigned } from "./scanner.ts";

/** A number on a line of its own. @throws ParseError */
export function parseCgroupCounter(bytes: Uint8Array): number {
  const cursor = cursorOver("cgroup counter", bytes);
  const count = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return count;
}

/** The same, where it counts bytes. @throws ParseError */
export const parseCgroupUsage = (bytes: Uint8Array): KiB => bytesToKiB(bytesOf(parseCgroupCounter(bytes)));
