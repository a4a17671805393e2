/*
 * Y
 *
 * kernel/params.c: param_get_bool()
 */
import { cursorOver, damageAt, expectEndOfLine, isAt } from "./scanner.ts";

/** A parameter of a module that is on or off. @throws ParseError */
export function parseModuleFlag(bytes: Uint8Array): boolean {
  const cursor = cursorOver("module parameter", bytes);
  const isOn = isAt(cursor, "Y");
  if (!isOn && !isAt(cursor, "N")) throw damageAt(cursor, '"Y" or "N"');
  cursor.offset++;
  expectEndOfLine(cursor);
  return isOn;
}
