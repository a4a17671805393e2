/*
 * 0-1,3
 *
 * lib/bitmap.c: bitmap_print_to_pagebuf() and "%*pbl". No node at all is an empty list.
 */
import type { NodeList, NodeRange } from "#domain/node-list.ts";
import {
  type Cursor,
  cursorOver,
  damageAt,
  expectEndOfLine,
  isAt,
  isAtEnd,
  readUnsigned,
  skipLine,
} from "./scanner.ts";

const newline = "\n";

/** From the cursor to the end of the line, and no further. @throws ParseError */
export function readNodeList(cursor: Cursor): NodeList {
  const nodes: NodeRange[] = [];
  while (nodes.length > 0 || !isAt(cursor, newline)) {
    nodes.push(readRange(cursor));
    if (!isAt(cursor, ",")) break;
    cursor.offset++;
  }
  expectEndOfLine(cursor);
  return nodes;
}

function readRange(cursor: Cursor): NodeRange {
  const start = cursor.offset;
  const first = readUnsigned(cursor);
  if (!isAt(cursor, "-")) return { first, last: first };
  cursor.offset++;
  const last = readUnsigned(cursor);
  if (last < first) throw damageAt({ ...cursor, offset: start }, "a range that does not run backwards");
  return { first, last };
}

/** A whole text of one such list. @throws ParseError */
export function parseNodeList(bytes: Uint8Array): NodeList {
  const cursor = cursorOver("node list", bytes);
  const nodes = readNodeList(cursor);
  skipLine(cursor);
  if (!isAtEnd(cursor)) throw damageAt(cursor, "the end of the list");
  return nodes;
}
