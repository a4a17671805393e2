import { closeFd, openFile, readAt } from "#native-bindings/file.ts";
import type { MemoryRange } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";

/** Pages side by side that are all in memory, or all not. */
export interface Stretch extends MemoryRange {
  readonly isPresent: boolean;
}

/** Bytes for each page; the highest bit says that it is there. @see Documentation/admin-guide/mm/pagemap.rst */
const entrySize = 8;
const presentBit = 0x80;
const pagesAtOnce = 1 << 12;

/** Goes through ranges from stretch to stretch, as they were when their part of the file was read. @throws SystemError */
export function visitStretches(ranges: readonly MemoryRange[], visit: (stretch: Stretch) => void): void {
  const size = pageSize();
  // Outside of V8's heap, which would keep its pages.
  const buffer = new Uint8Array(new ArrayBuffer(pagesAtOnce * entrySize));
  const fd = openFile("/proc/self/pagemap");
  try {
    for (const range of ranges) {
      const first = Number(range.start / BigInt(size));
      const pages = range.size / size;
      let begin = 0;
      let isPresent = false;
      const end = (at: number): void => {
        if (at > begin) visit({ start: range.start + BigInt(begin * size), size: (at - begin) * size, isPresent });
        begin = at;
      };
      for (let from = 0; from < pages; from += pagesAtOnce) {
        const wanted = Math.min(pagesAtOnce, pages - from) * entrySize;
        const read = readAt(fd, buffer.subarray(0, wanted), (first + from) * entrySize);
        for (let at = 0; at < read; at += entrySize) {
          const isThere = ((buffer[at + entrySize - 1] ?? 0) & presentBit) !== 0;
          if (isThere !== isPresent) end(from + at / entrySize);
          isPresent = isThere;
        }
      }
      end(pages);
    }
  } finally {
    closeFd(fd);
  }
}

/** How many pages of these ranges are in memory. @throws SystemError */
export function countPresent(ranges: readonly MemoryRange[]): number {
  let present = 0;
  visitStretches(ranges, ({ size, isPresent }) => {
    if (isPresent) present += size;
  });
  return present / pageSize();
}
