import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { describeRange, type MemoryRange } from "./mlock.ts";
import { mapZeros } from "./mmap.ts";
import { pageSize } from "./page-size.ts";

/** asm-generic/mman-common.h: MADV_DONTNEED */
const madvDontNeed = 4;
/** The same, for locked pages too. Since Linux 5.18. */
const madvDontNeedLocked = 24;
/** MADV_DONTDUMP, MADV_DODUMP */
const madvDontDump = 16;
const madvDoDump = 17;

const madvise = declare<(start: bigint, size: number, advice: number) => number>(
  "int madvise(uintptr_t start, size_t size, int advice)",
);

/**
 * Gives the resident pages of a clean file mapping back; the next touch reads them from the file again.
 * On a mapping with pages of its own (anonymous, or written) those are lost for good.
 * @throws SystemError EINVAL for a locked range
 */
export const discardPages = (range: MemoryRange): void => advise(range, madvDontNeed);

/** Whether the kernel lets locked pages be given back. Asked with a page that nobody uses. @throws SystemError when it gives us none */
export function canDiscardLocked(): boolean {
  const size = pageSize();
  using page = mapZeros(size);
  return madvise()(page.address, size, madvDontNeedLocked) === 0;
}

/** Whether core dumps are to hold a range. Mappings side by side that differ in nothing are one: in this they can. @throws SystemError */
export const setDumped = (range: MemoryRange, isDumped: boolean): void =>
  advise(range, isDumped ? madvDoDump : madvDontDump);

function advise(range: MemoryRange, advice: number): void {
  if (madvise()(range.start, range.size, advice) !== 0) throw refusal("madvise", lastErrno(), describeRange(range));
}
