/*
 * 60
 *
 * kernel/sysctl.c: vm.swappiness, mm/memcontrol-v1.c: mem_cgroup_swappiness_read(). 0 to 200, to 100 before 5.8.
 */
import { cursorOver, expectEndOfLine, readUnsigned } from "./scanner.ts";

/** That of the machine or of a memcg of v1; at 0 nothing is swapped. @throws ParseError */
export function parseSwappiness(bytes: Uint8Array): number {
  const cursor = cursorOver("swappiness", bytes);
  const swappiness = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return swappiness;
}
