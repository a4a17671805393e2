import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { describeRange, type MemoryRange } from "./mlock.ts";

/** asm-generic/mman-common.h: MADV_DONTNEED */
const madvDontNeed = 4;
/** MADV_DONTDUMP */
const madvDontDump = 16;

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

/**
 * Makes mappings of `piece` bytes of a range, by leaving every second one out of core dumps: neighbours that differ in nothing are
 * one mapping. Each costs the kernel some 200 bytes.
 * @throws SystemError
 */
export function splitMapping({ start, size }: MemoryRange, piece: number): void {
  for (let offset = 0; offset + 2 * piece <= size; offset += 2 * piece) {
    if (madvise()(start + BigInt(offset), piece, madvDontDump) !== 0) {
      throw refusal("madvise", lastErrno(), describeRange({ start: start + BigInt(offset), size: piece }));
    }
  }
}
