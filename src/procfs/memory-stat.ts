/*
 * anon 66957312
 * ...
 * file_dirty 0
 * file_writeback 0
 * inactive_file 12288
 * active_file 4096
 * pgscan 4131
 *
 * mm/memcontrol.c: memory_stat_format() of cgroup v2, with all below it; mm/memcontrol-v1.c: memcg1_stat_format(), where the
 * lines that begin with total_ are those with all below. In bytes. v1 has dirty and writeback since 4.2. Shared memory is on
 * the lists of anonymous pages, and locked pages are on a list of their own: neither is in what is read here.
 */
import type { MemcgLimits } from "#domain/memcg.ts";
import { bytes as bytesOf, bytesToKiB, type KiB, kib, lessened, sum } from "#domain/units.ts";
import { type Label, lineReader, readCount, requireLines } from "./labelled-lines.ts";
import { cursorOver } from "./scanner.ts";

const amount = (name: string): Label<KiB> => ({
  text: `${name} `,
  read: (cursor) => bytesToKiB(bytesOf(readCount(cursor))),
});

const listsOf = {
  v1: { active: amount("total_active_file"), inactive: amount("total_inactive_file") },
  v2: { active: amount("active_file"), inactive: amount("inactive_file") },
};

const notYetOf = {
  v1: { dirty: amount("total_dirty"), writeback: amount("total_writeback") },
  v2: { dirty: amount("file_dirty"), writeback: amount("file_writeback") },
};

const readersOf = {
  v1: lineReader({ ...listsOf.v1, ...notYetOf.v1 }),
  v2: lineReader({ ...listsOf.v2, ...notYetOf.v2 }),
};

/** What of a memcg and all below it the kernel can drop without writing: clean pages of files. @throws ParseError */
export function parseReclaimable(bytes: Uint8Array, kind: MemcgLimits["kind"]): KiB {
  const cursor = cursorOver("memory.stat", bytes);
  const lines = readersOf[kind](cursor);
  const { active, inactive } = requireLines(cursor, lines, listsOf[kind]);
  return lessened(sum([active, inactive]), sum([lines.dirty ?? kib(0), lines.writeback ?? kib(0)]));
}

const readScanned = lineReader({ pgscan: { text: "pgscan ", read: readCount } });

/** How many pages of a memcg of v2 and all below it were scanned to reclaim them. Undefined: it does not tell. @throws ParseError */
export const parsePgscan = (bytes: Uint8Array): number | undefined =>
  readScanned(cursorOver("memory.stat", bytes)).pgscan;
