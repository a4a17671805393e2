import type { OomReport } from "#domain/oom-report.ts";
import { indexOfAnchor } from "./anchors.ts";
import { type LineBlock, longestLine, makeLineBlocks } from "./line-blocks.ts";
import { readLogLine } from "./log-line.ts";
import { makeReportParts } from "./report-parts.ts";

/** Finds the reports of the kernel's OOM killer in a log that comes in pieces. */
export interface OomReportReader {
  /** The reports that these bytes finished. */
  push(chunk: Uint8Array): readonly OomReport[];
  /** The report that the end of the log finished, if any. */
  end(): readonly OomReport[];
}

const newline = 0x0a;

/** A reader at the beginning of a log. It never throws, whatever it is given, and its memory does not grow with the log. */
export function makeOomReportReader(): OomReportReader {
  const blocks = makeLineBlocks();
  const parts = makeReportParts();
  let line = 0;

  /** The beginning of the line that has to be read next; undefined if none of these has. Counts the lines before it. */
  const nextLine = (bytes: Uint8Array, start: number): number | undefined => {
    if (parts.isListening()) return start;
    const anchor = indexOfAnchor(bytes, start);
    const end = anchor < 0 ? bytes.length : anchor;
    let at = start;
    for (let next = bytes.indexOf(newline, at); next >= 0 && next < end; next = bytes.indexOf(newline, at)) {
      at = next + 1;
      line++;
    }
    if (anchor >= 0) return at;
    if (at < bytes.length) line++;
    return undefined;
  };

  /** Reads one line, and gives the beginning of the next. */
  const readLine = ({ bytes, isCut }: LineBlock, start: number): number => {
    const newlineAt = bytes.indexOf(newline, start);
    const end = newlineAt < 0 ? bytes.length : newlineAt;
    line++;
    const shown = Math.min(end, start + longestLine);
    const place = { line, isCut: shown < end || (isCut && newlineAt < 0) };
    for (const message of readLogLine(bytes, start, shown)) parts.add(message, place);
    return end + 1;
  };

  const readBlock = (block: LineBlock): void => {
    let at: number | undefined = 0;
    while (at !== undefined && at < block.bytes.length) {
      at = nextLine(block.bytes, at);
      if (at !== undefined) at = readLine(block, at);
    }
  };

  return {
    push(chunk) {
      for (const block of blocks.push(chunk)) readBlock(block);
      return parts.takeFinished();
    },
    end() {
      for (const block of blocks.end()) readBlock(block);
      parts.end();
      return parts.takeFinished();
    },
  };
}
