/*
 * 67108864
 *
 * mm/memcontrol.c: seq_puts_memcg_tunable() prints `max` for no limit, since there is cgroup v2; mem_cgroup_read_u64() of v1
 * prints PAGE_COUNTER_MAX in bytes, 9223372036854771712 with pages of 4 KiB.
 */
import { bytes as bytesOf, bytesToKiB, type KiB } from "#domain/units.ts";
import { type Cursor, cursorOver, expectEndOfLine, isAt, readUnsignedIfExact } from "./scanner.ts";

const unlimited = "max";

/** Undefined: no limit, or one of 8 PiB and more. @throws ParseError */
export function parseCgroupLimit(bytes: Uint8Array): KiB | undefined {
  const cursor = cursorOver("cgroup limit", bytes);
  const limit = readLimit(cursor);
  expectEndOfLine(cursor);
  return limit;
}

function readLimit(cursor: Cursor): KiB | undefined {
  if (isAt(cursor, unlimited)) {
    cursor.offset += unlimited.length;
    return undefined;
  }
  const limit = readUnsignedIfExact(cursor);
  return limit === undefined ? undefined : bytesToKiB(bytesOf(limit));
}
