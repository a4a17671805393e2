import { add, type KiB, kib } from "#domain/units.ts";
import { readKiB } from "./labelled-lines.ts";
import {
  type Cursor,
  cursorOver,
  damageAt,
  endOfLine,
  expectText,
  isAt,
  isAtEnd,
  skipBlanks,
  skipLine,
  skipWord,
} from "./scanner.ts";
import { decodeText } from "./text.ts";

/**
 * One mapping of a process.
 *
 * ```text
 * 7f2c1a400000-7f2c1a428000 r--p 00000000 fe:00 1283   /usr/lib/x86_64-linux-gnu/libc.so.6
 * Size:                160 kB
 * Rss:                 156 kB
 * Shared_Dirty:          0 kB
 * Private_Dirty:         0 kB
 * Anonymous:             0 kB
 * ```
 *
 * @see fs/proc/task_mmu.c: show_smap
 */
export interface SmapsMapping {
  readonly start: bigint;
  /** In bytes. */
  readonly size: number;
  readonly isWritable: boolean;
  readonly isExecutable: boolean;
  /** A file, `[heap]`, `[stack]` and the like; undefined for anonymous memory. */
  readonly name: string | undefined;
  readonly resident: KiB;
  /** Resident, and not to be had from a file again: written to, or of nobody else's. */
  readonly unsaved: KiB;
}

const file = "smaps";
/** What is resident, and of that what no file has. */
const labels = ["Rss:", "Shared_Dirty:", "Private_Dirty:", "Anonymous:"];
const [zero, nine, letterA, letterF, letterW, letterX] = [0x30, 0x39, 0x61, 0x66, 0x77, 0x78];

/** Goes through all mappings, in the order of their addresses; of `maps` as well, which has the first lines only. @throws ParseError */
export function visitSmaps(bytes: Uint8Array, visit: (mapping: SmapsMapping) => void): void {
  const cursor = cursorOver(file, bytes);
  while (!isAtEnd(cursor)) visit(readMapping(cursor));
}

function readMapping(cursor: Cursor): SmapsMapping {
  const head = readHead(cursor);
  let resident = kib(0);
  let unsaved = kib(0);
  while (!isAtEnd(cursor) && !isHexDigit(cursor.bytes[cursor.offset])) {
    const label = labels.find((each) => isAt(cursor, each));
    if (label !== undefined) {
      expectText(cursor, label);
      const amount = readKiB(cursor);
      if (label === "Rss:") resident = amount;
      else unsaved = add(unsaved, amount);
    }
    skipLine(cursor);
  }
  return { ...head, resident, unsaved };
}

/** `7f2c1a400000-7f2c1a428000 r--p 00000000 fe:00 1283   /path` */
function readHead(cursor: Cursor): Omit<SmapsMapping, "resident" | "unsaved"> {
  const start = readHex(cursor);
  expectText(cursor, "-");
  const size = Number(readHex(cursor) - start);
  expectText(cursor, " ");
  const isWritable = cursor.bytes[cursor.offset + 1] === letterW;
  const isExecutable = cursor.bytes[cursor.offset + 2] === letterX;
  // Permissions, offset, device, inode.
  for (let field = 0; field < 4; field++) {
    skipBlanks(cursor);
    skipWord(cursor);
  }
  skipBlanks(cursor);
  const end = endOfLine(cursor);
  const name = end === cursor.offset ? undefined : decodeText(cursor.bytes, cursor.offset, end);
  skipLine(cursor);
  return { start, size, isWritable, isExecutable, name };
}

/** An address: the highest mapping, of vsyscall, lies past 2^53. */
function readHex(cursor: Cursor): bigint {
  const begin = cursor.offset;
  while (isHexDigit(cursor.bytes[cursor.offset])) cursor.offset++;
  if (cursor.offset === begin) throw damageAt(cursor, "an address");
  return BigInt(`0x${decodeText(cursor.bytes, begin, cursor.offset)}`);
}

const isHexDigit = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= zero && byte <= nine) || (byte >= letterA && byte <= letterF));
