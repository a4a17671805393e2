/*
 * 667
 *
 * fs/proc/base.c: proc_oom_score(). 0 to 2000 since 5.9, to 1000 since 2.6.36.
 */
import { cursorOver, expectEndOfLine, readUnsigned } from "./scanner.ts";
import { isWholeFile } from "./whole-file.ts";

/** What the kernel makes of a process. Undefined: it is gone, and what was read ends early. @throws ParseError */
export function parseOomScore(bytes: Uint8Array): number | undefined {
  if (!isWholeFile(bytes)) return undefined;
  const cursor = cursorOver("PID/oom_score", bytes);
  const score = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return score;
}

/**
 * What an eligible process that shows a score has at the most of RAM and swap, with its oom_score_adj added, in thousandths.
 * A score tells two of three steps of a thousandth, and the counters behind it may lag by one.
 * @since Linux 5.9
 * @see v6.12 fs/proc/base.c: proc_oom_score
 */
export const mostPermille = (score: number): number => Math.ceil((3 * (score + 1)) / 2) - 1000 + 1;
