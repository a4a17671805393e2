/*
 * 0
 *
 * Documentation/mm/overcommit-accounting.rst; include/uapi/linux/mman.h: OVERCOMMIT_GUESS, _ALWAYS, _NEVER
 */
import type { Overcommit } from "#domain/overcommit.ts";
import { cursorOver, damageAt, expectEndOfLine, readUnsigned } from "./scanner.ts";

const modes: readonly Overcommit[] = ["heuristic", "always", "never"];

/** @throws ParseError */
export function parseOvercommitMemory(bytes: Uint8Array): Overcommit {
  const cursor = cursorOver("overcommit_memory", bytes);
  const mode = modes[readUnsigned(cursor)];
  if (mode === undefined) throw damageAt({ ...cursor, offset: 0 }, "0, 1 or 2");
  expectEndOfLine(cursor);
  return mode;
}
