import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { describeRange, type MemoryRange } from "./mlock.ts";

/** asm-generic/mman-common.h: MADV_DONTNEED */
const madvDontNeed = 4;

const madvise = declare<(start: bigint, size: number, advice: number) => number>(
  "int madvise(uintptr_t start, size_t size, int advice)",
);

/**
 * Gives the resident pages of a clean file mapping back; the next touch reads them from the file again.
 * On a mapping with pages of its own (anonymous, or written) those are lost for good.
 * @throws SystemError EINVAL for a locked range
 */
export function discardPages(range: MemoryRange): void {
  if (madvise()(range.start, range.size, madvDontNeed) !== 0) {
    throw refusal("madvise", lastErrno(), describeRange(range));
  }
}
