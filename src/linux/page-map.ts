import { closeFd, openFile, readAt } from "#native-bindings/file.ts";
import type { MemoryRange } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";

/** Bytes for each page; the highest bit says that it is there. @see Documentation/admin-guide/mm/pagemap.rst */
const entrySize = 8;
const presentBit = 0x80;
const pagesAtOnce = 1 << 12;

/** Goes through the pages of a range that are in memory. @throws SystemError */
function visitPresent(ranges: readonly MemoryRange[], visit: (range: MemoryRange, page: number) => void): void {
  const size = pageSize();
  const buffer = new Uint8Array(new ArrayBuffer(pagesAtOnce * entrySize));
  const fd = openFile("/proc/self/pagemap");
  try {
    for (const range of ranges) {
      const first = Number(range.start / BigInt(size));
      const pages = range.size / size;
      for (let from = 0; from < pages; from += pagesAtOnce) {
        const wanted = Math.min(pagesAtOnce, pages - from) * entrySize;
        const read = readAt(fd, buffer.subarray(0, wanted), (first + from) * entrySize);
        for (let at = entrySize - 1; at < read; at += entrySize) {
          if (((buffer[at] ?? 0) & presentBit) !== 0) visit(range, from + (at - entrySize + 1) / entrySize);
        }
      }
    }
  } finally {
    closeFd(fd);
  }
}

/** How many pages of these ranges are in memory. @throws SystemError */
export function countPresent(ranges: readonly MemoryRange[]): number {
  let count = 0;
  visitPresent(ranges, () => {
    count += 1;
  });
  return count;
}

/** The aligned stretches of a range in which a page is in memory. @throws SystemError */
export function presentWindows(range: MemoryRange, window: number): readonly MemoryRange[] {
  const found = new Set<number>();
  const offset = Number(range.start % BigInt(window));
  visitPresent([range], (_, page) => found.add(Math.floor((page * pageSize() + offset) / window)));
  return Array.from(found, (index) => {
    const from = Math.max(0, index * window - offset);
    const to = Math.min(range.size, (index + 1) * window - offset);
    return { start: range.start + BigInt(from), size: to - from };
  });
}
