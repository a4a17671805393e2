import { type Bytes, type KiB, kib, pages, pagesToKiB, scale } from "#domain/units.ts";

/** A size as a report prints it. A damaged report may hold numbers that no memory has: they are held to what can be. */
export const printedKib = (size: number): KiB => kib(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, size)));

/** As {@link printedKib}, where nothing may be printed. */
export const knownKib = (size: number | undefined): KiB | undefined =>
  size === undefined ? undefined : printedKib(size);

/** More than any machine has, and still exact as a size. */
const mostPages = 2 ** 42;

/** Pages of a report as a size; points may be negative. */
export function printedPages(count: number, pageSize: Bytes): KiB {
  const size = pagesToKiB(pages(Math.min(mostPages, Math.trunc(Math.abs(count)))), pageSize);
  return count < 0 ? scale(size, -1) : size;
}
