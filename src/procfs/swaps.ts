/*
 * Filename				Type		Size		Used		Priority
 * /dev/zram0                              partition	12341824	1048576		100
 * /swap\040file\040(deleted)              file		1048572		0		-2
 *
 * mm/swapfile.c: swap_show(). Sizes are in KiB. seq_file_path() writes space, tab, newline and backslash of a path as
 * octal escapes; d_path() appends " (deleted)" to the path of a file that was unlinked while it is swapped to.
 */
import type { SwapDevice, Swaps } from "#domain/swaps.ts";
import { type KiB, kib } from "#domain/units.ts";
import { decodeEscaped } from "./octal-escapes.ts";
import {
  type Cursor,
  cursorOver,
  damageAt,
  expectEndOfLine,
  expectText,
  isAt,
  isAtEnd,
  readSigned,
  readUnsigned,
  skipBlanks,
  skipLine,
  skipWord,
} from "./scanner.ts";

/** @throws ParseError */
export function parseSwaps(bytes: Uint8Array): Swaps {
  const cursor = cursorOver("swaps", bytes);
  expectText(cursor, "Filename\t");
  skipLine(cursor);
  const devices: SwapDevice[] = [];
  while (!isAtEnd(cursor)) devices.push(readDevice(cursor));
  return { devices };
}

function readDevice(cursor: Cursor): SwapDevice {
  const start = cursor.offset;
  skipWord(cursor);
  const path = decodeEscaped(cursor.bytes.subarray(start, cursor.offset));
  skipBlanks(cursor);
  const kind = kindOf(readKind(cursor), path);
  const size = readSize(cursor);
  const used = readSize(cursor);
  skipBlanks(cursor);
  const priority = readSigned(cursor);
  expectEndOfLine(cursor);
  skipLine(cursor);
  return { path, kind, size, used, priority };
}

/** zram names its devices itself. @see drivers/block/zram/zram_drv.c: zram_add */
const kindOf = (kind: "partition" | "file", path: string): SwapDevice["kind"] =>
  kind === "partition" && path.startsWith("/dev/zram") ? "zram" : kind;

function readKind(cursor: Cursor): "partition" | "file" {
  for (const kind of ["partition", "file"] as const) {
    if (!isAt(cursor, `${kind}\t`)) continue;
    cursor.offset += kind.length;
    return kind;
  }
  throw damageAt(cursor, '"partition" or "file"');
}

function readSize(cursor: Cursor): KiB {
  skipBlanks(cursor);
  return kib(readUnsigned(cursor));
}
