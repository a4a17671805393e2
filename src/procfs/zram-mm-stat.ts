/*
 *  1073741824  301989888  314572800  536870912  320864256     1024        0       12       40
 *
 * drivers/block/zram/zram_drv.c: mm_stat_show(), since 4.1. In bytes: data as it was and compressed, RAM in use with the waste
 * of the allocator, the limit of that (0 is none) and its peak; in pages: those filled with one word, compacted ones, and those
 * that do not compress (since 4.18, ever since boot since 5.15). Pages of one word count as data, and so do those written back.
 * @see Documentation/admin-guide/blockdev/zram.rst
 */
import type { StoredOnZram } from "#domain/swaps.ts";
import { type Bytes, bytes as bytesOf, bytesToKiB, kib, lessened, pages, pagesToKiB } from "#domain/units.ts";
import { type Cursor, cursorOver, readUnsigned, skipBlanks } from "./scanner.ts";

/** Written back pages are still in `original`: they are told in another file. @throws ParseError */
export function parseZramMmStat(bytes: Uint8Array, pageSize: Bytes): StoredOnZram {
  const cursor = cursorOver("zram/mm_stat", bytes);
  const data = bytesToKiB(bytesOf(readField(cursor)));
  readField(cursor);
  const occupied = bytesToKiB(bytesOf(readField(cursor)));
  const limit = bytesToKiB(bytesOf(readField(cursor)));
  readField(cursor);
  const ofOneWord = pagesToKiB(pages(readField(cursor)), pageSize);
  return { original: lessened(data, ofOneWord), occupied, limit: limit === kib(0) ? undefined : limit };
}

function readField(cursor: Cursor): number {
  skipBlanks(cursor);
  return readUnsigned(cursor);
}
