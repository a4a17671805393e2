/*
 * 8:0 rbytes=1495040 wbytes=131072 rios=73 wios=5 dbytes=0 dios=0
 * 253:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0 cost.usage=31
 * 8:16
 *
 * block/blk-cgroup.c: blkcg_print_one_stat(), io.stat of cgroup v2: one line for each device, with nothing behind the numbers of
 * one that was not used, since 5.15 or so.
 */
import type { IoCounts } from "#domain/branch.ts";
import { cursorOver, endOfLine, isAt, isAtEnd, readUnsigned, skipLine } from "./scanner.ts";

const keys = {
  "rbytes=": "readBytes",
  "wbytes=": "writtenBytes",
  "dbytes=": "discardedBytes",
  "rios=": "reads",
  "wios=": "writes",
  "dios=": "discards",
} as const satisfies Readonly<Record<string, keyof IoCounts>>;
const labels = Object.entries(keys);

/** What a cgroup has read and written on each device, as far as it tells. @throws ParseError */
export function parseIoStat(bytes: Uint8Array): readonly Partial<IoCounts>[] {
  const cursor = cursorOver("io.stat", bytes);
  const devices: Partial<IoCounts>[] = [];
  while (!isAtEnd(cursor)) {
    const device: { -readonly [K in keyof IoCounts]?: number } = {};
    const end = endOfLine(cursor);
    while (cursor.offset < end) {
      const [text, count] = labels.find(([label]) => isAt(cursor, label)) ?? [];
      cursor.offset += text?.length ?? 1;
      if (count !== undefined) device[count] = readUnsigned(cursor);
    }
    devices.push(device);
    skipLine(cursor);
  }
  return devices;
}
