/*
 * 20
 *
 * mm/zswap.c: max_pool_percent, a plain number that is held to nothing; the pool cannot be more than all of RAM.
 */
import { type Percent, percent } from "#domain/units.ts";
import { cursorOver, expectEndOfLine, readUnsigned } from "./scanner.ts";

const all = 100;

/** How much of RAM the pool of zswap may take. @throws ParseError */
export function parseMaxPoolPercent(bytes: Uint8Array): Percent {
  const cursor = cursorOver("max_pool_percent", bytes);
  const share = readUnsigned(cursor);
  expectEndOfLine(cursor);
  return percent(Math.min(all, share));
}
