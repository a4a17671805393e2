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
import { decodeText } from "./text.ts";

const backslash = 0x5c;
const escapeLength = 4;
const octalZero = 0x30;

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

/** Undoes `\040`. A backslash of the path is always escaped itself, so one that begins no escape is kept as it is. */
function decodeEscaped(escaped: Uint8Array): string {
  const plain = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; length++) {
    const octal = escaped[i] === backslash ? octalAt(escaped, i + 1) : undefined;
    plain[length] = octal ?? escaped[i] ?? 0;
    i += octal === undefined ? 1 : escapeLength;
  }
  return decodeText(plain, 0, length);
}

/** The byte that three octal digits stand for. */
function octalAt(bytes: Uint8Array, offset: number): number | undefined {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const digit = (bytes[offset + i] ?? 0) - octalZero;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value <= 0xff ? value : undefined;
}
