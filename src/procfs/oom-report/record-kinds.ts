import type { RecordKind } from "./finding.ts";
import { cpusetLine, header, traceLine } from "./header.ts";
import { choiceLine, endingLine, killedLine, reaperLine } from "./kill-lines.ts";
import { groupLine, limitLine, statsLine, usageLine } from "./memcg-lines.ts";
import { memoryHeading, nodeLine, sizeLine, totalsLine, zoneBlocks, zoneFigures, zoneReserve } from "./memory-lines.ts";
import { summaryLine } from "./summary-line.ts";
import { tableHeading, tableRow } from "./task-table.ts";

/** Every kind of record that says something about a report, the most frequent first. */
const kinds: readonly RecordKind[] = [
  tableRow,
  zoneFigures,
  zoneReserve,
  zoneBlocks,
  nodeLine,
  totalsLine,
  sizeLine,
  usageLine,
  statsLine,
  limitLine,
  groupLine,
  memoryHeading,
  tableHeading,
  summaryLine,
  choiceLine,
  killedLine,
  reaperLine,
  endingLine,
  traceLine,
  cpusetLine,
  header,
];

/** The kind of record that begins with this text; undefined for everything else the kernel says. */
export const kindOf = (text: string): RecordKind | undefined => kinds.find((kind) => kind.begins(text));
