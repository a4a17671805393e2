/*
 * -1000
 *
 * fs/proc/base.c: oom_score_adj_read(), since 2.6.36.
 */
import { type OomScoreAdj, oomScoreAdj, oomScoreAdjMax, oomScoreAdjMin } from "#domain/units.ts";
import { cursorOver, damageAt, expectEndOfLine, readSigned } from "./scanner.ts";

/** @throws ParseError, for a value outside −1000–1000 too. */
export function parseOomScoreAdj(bytes: Uint8Array): OomScoreAdj {
  const cursor = cursorOver("PID/oom_score_adj", bytes);
  const adj = readSigned(cursor);
  expectEndOfLine(cursor);
  if (adj < oomScoreAdjMin || adj > oomScoreAdjMax) {
    throw damageAt(cursorOver(cursor.file, bytes), `a number from ${oomScoreAdjMin} to ${oomScoreAdjMax}`);
  }
  return oomScoreAdj(adj);
}
