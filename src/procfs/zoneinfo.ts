/*
 * Node 0, zone    DMA32
 *   per-node stats                      (only in the first populated zone of a node)
 *       nr_inactive_anon 2028
 *       ...
 *   pages free     772808
 *         boost    0
 *         min      7420
 *         low      9275
 *         high     11130
 *         promo    12985
 *         spanned  1044480
 *         present  782336
 *         managed  772808
 *         cma      0
 *         protection: (0, 0, 3840, 3840, 3840)
 *       nr_free_pages 772808
 *       nr_zone_inactive_anon 0
 *       ...
 *       nr_free_cma  0
 *   pagesets
 *     cpu: 0
 *               count:    0
 *               high:     0
 *   vm stats threshold: 4
 *   node_unreclaimable:  0
 *   start_pfn:           4096
 *   reserved_highatomic: 0             (7.2)
 *   free_highatomic:     0             (7.2)
 *
 * mm/vmstat.c: zoneinfo_show_print(). A zone without pages is listed too and ends with its protection; it counts for the
 * index. nr_zone_* and node_unreclaimable since 4.8, boost (already in min, low, high) since 5.17.
 */
import { type Pages, pages } from "#domain/units.ts";
import type { KernelZone, Zoneinfo } from "#domain/zoneinfo.ts";
import { type Label, type LabelledValues, lineReader, readCount, readFlag, requireLines } from "./labelled-lines.ts";
import {
  type Cursor,
  cursorOver,
  endOfLine,
  expectEndOfLine,
  expectText,
  isAt,
  isAtEnd,
  readUnsigned,
  skipBlanks,
  skipLine,
  skipWord,
} from "./scanner.ts";
import { decodeText } from "./text.ts";

const zoneHeader = "Node ";

const amount = (text: string): Label<Pages> => ({ text, read: (cursor) => pages(readCount(cursor)) });

/** `high ` is the watermark; the `high:` of a pageset is another thing. */
const ofEveryZone = {
  free: amount("pages free "),
  min: amount("min "),
  low: amount("low "),
  high: amount("high "),
  present: amount("present "),
  managed: amount("managed "),
  protection: { text: "protection: (", read: readProtection },
};

const ofPopulatedZones = {
  activeAnon: amount("nr_zone_active_anon "),
  inactiveAnon: amount("nr_zone_inactive_anon "),
  activeFile: amount("nr_zone_active_file "),
  inactiveFile: amount("nr_zone_inactive_file "),
  freeCma: amount("nr_free_cma "),
  nodeUnreclaimable: { text: "node_unreclaimable:", read: readFlag },
};

const readLines = lineReader({ ...ofEveryZone, ...ofPopulatedZones, freeHighatomic: amount("free_highatomic:") });

const emptyLists: LabelledValues<typeof ofPopulatedZones> = {
  activeAnon: pages(0),
  inactiveAnon: pages(0),
  activeFile: pages(0),
  inactiveFile: pages(0),
  freeCma: pages(0),
  nodeUnreclaimable: false,
};

/** An unpopulated zone says nothing of its node: its `nodeUnreclaimable` is false. @throws ParseError */
export function parseZoneinfo(bytes: Uint8Array): Zoneinfo {
  const cursor = cursorOver("zoneinfo", bytes);
  const zones: KernelZone[] = [];
  do zones.push(readZone(cursor, zones.at(-1)));
  while (!isAtEnd(cursor));
  return { zones };
}

function readZone(cursor: Cursor, previous: KernelZone | undefined): KernelZone {
  const { node, name } = readHeader(cursor);
  const index = previous?.node === node ? previous.index + 1 : 0;
  const lines = readLines(cursor, zoneHeader);
  const marks = requireLines(cursor, lines, ofEveryZone);
  const lists = marks.present > 0 ? requireLines(cursor, lines, ofPopulatedZones) : emptyLists;
  return { node, name, index, ...marks, ...lists, freeHighatomic: lines.freeHighatomic };
}

/** `Node 0, zone      DMA` */
function readHeader(cursor: Cursor): { node: number; name: string } {
  expectText(cursor, zoneHeader);
  const node = readUnsigned(cursor);
  expectText(cursor, ", zone ");
  skipBlanks(cursor);
  const start = cursor.offset;
  skipWord(cursor);
  expectEndOfLine(cursor);
  const name = decodeText(cursor.bytes, start, endOfLine(cursor));
  skipLine(cursor);
  return { node, name };
}

/** The rest of `protection: (0, 3018, 6858, 6858, 6858)`: one number for each zone of the node. */
function readProtection(cursor: Cursor): readonly Pages[] {
  const protection = [pages(readUnsigned(cursor))];
  while (isAt(cursor, ", ")) {
    cursor.offset += 2;
    protection.push(pages(readUnsigned(cursor)));
  }
  expectText(cursor, ")");
  expectEndOfLine(cursor);
  return protection;
}
