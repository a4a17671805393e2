import { readFileSync } from "node:fs";
import type { MemoryRange } from "#native-bindings/mlock.ts";

/** One line of `/proc/self/maps`. @see fs/proc/task_mmu.c: show_map_vma */
export interface Mapping {
  readonly range: MemoryRange;
  /** A file, `[heap]`, `[stack]` and the like; undefined for anonymous memory. */
  readonly name: string | undefined;
}

const line = /^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \S+ *(.*)$/;

/** Our own address space, as it is now. @see proc_pid_maps(5) */
export const readOwnMappings = (): readonly Mapping[] => parseMappings(readFileSync("/proc/self/maps", "utf8"));

/** Read once, at the start: here a pattern does no harm. Lines of another form are left out. */
export function parseMappings(text: string): readonly Mapping[] {
  return text.split("\n").flatMap((entry) => {
    const [, from, to, name] = line.exec(entry) ?? [];
    if (from === undefined || to === undefined) return [];
    const start = BigInt(`0x${from}`);
    const size = Number(BigInt(`0x${to}`) - start);
    return [{ range: { start, size }, name: name === "" ? undefined : name }];
  });
}
