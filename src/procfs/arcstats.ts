/*
 * 13 1 0x01 147 39984 8396312 1234567
 * name                            type data
 * hits                            4    8041365039
 * ...
 * c_min                           4    1052770304
 * size                            4    8589934592
 * mru_evictable_data              4    2147483648
 * ...
 *
 * module/os/linux/spl/spl-kstat.c: kstat_seq_show_named() of OpenZFS; amounts in bytes. The evictable ones since 0.7.
 */
import type { Arc } from "#domain/arc.ts";
import { bytes as bytesOf, bytesToKiB, type KiB, sum } from "#domain/units.ts";
import { type Label, lineReader, readCount, requireLines } from "./labelled-lines.ts";
import { type Cursor, cursorOver, skipBlanks, skipWord } from "./scanner.ts";

const amount = (name: string): Label<KiB> => ({ text: `${name} `, read: readTypedAmount });

const required = { size: amount("size"), minimum: amount("c_min") };

const evictable = {
  recentData: amount("mru_evictable_data"),
  recentMetadata: amount("mru_evictable_metadata"),
  frequentData: amount("mfu_evictable_data"),
  frequentMetadata: amount("mfu_evictable_metadata"),
};

const readLines = lineReader({ ...required, ...evictable });

/** @throws ParseError */
export function parseArcstats(bytes: Uint8Array): Arc {
  const cursor = cursorOver("arcstats", bytes);
  const lines = readLines(cursor);
  return { ...requireLines(cursor, lines, required), evictable: sumOfEvictable(lines) };
}

/** All of it, or none: a part would be less than there is. */
function sumOfEvictable(lines: ReturnType<typeof readLines>): KiB | undefined {
  const { recentData, recentMetadata, frequentData, frequentMetadata } = lines;
  const parts = [recentData, recentMetadata, frequentData, frequentMetadata].filter((part) => part !== undefined);
  return parts.length === Object.keys(evictable).length ? sum(parts) : undefined;
}

/** `4    8589934592`: the type of a named kstat, then its value. */
function readTypedAmount(cursor: Cursor): KiB {
  skipBlanks(cursor);
  skipWord(cursor);
  return bytesToKiB(bytesOf(readCount(cursor)));
}
