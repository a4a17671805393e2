/*
 *     2048        0     4096
 *
 * drivers/block/zram/zram_drv.c: bd_stat_show(), since 5.0, with CONFIG_ZRAM_WRITEBACK. In units of 4 KiB whatever the page:
 * what is on the disk behind the device, and what was read from and written to it.
 */
import { type KiB, kib } from "#domain/units.ts";
import { cursorOver, readUnsigned, skipBlanks } from "./scanner.ts";

const unitKiB = 4;

/** What was written back and is still there. @throws ParseError */
export function parseZramBdStat(bytes: Uint8Array): KiB {
  const cursor = cursorOver("zram/bd_stat", bytes);
  skipBlanks(cursor);
  return kib(readUnsigned(cursor) * unitKiB);
}
