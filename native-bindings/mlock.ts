import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { pageSize } from "./page-size.ts";
import { callKernel } from "./syscall.ts";

/** A stretch of our own address space, page-aligned, as `/proc/self/maps` shows it. */
export interface MemoryRange {
  readonly start: bigint;
  readonly size: number;
}

/** asm-generic/mman.h: MLOCK_ONFAULT */
const mlockOnFault = 1;

const munlock = declare<(start: bigint, size: number) => number>("int munlock(uintptr_t start, size_t size)");

const sbrk = declare<(by: number) => number | bigint>("intptr_t sbrk(intptr_t by)");

/** Where the heap of the C library ends now, on a whole page. */
export const heapEnd = (): bigint => BigInt(sbrk()(0)) & ~BigInt(pageSize() - 1);

/** A range as the subject of an error. */
export const describeRange = ({ start, size }: MemoryRange): string => `0x${start.toString(16)}+${size}`;

/**
 * Locks the pages of a range that are resident, and each further one when it is first touched.
 * Never for anonymous memory of V8: it dies when its collector wants to give locked pages back.
 * @throws SystemError
 */
export function lockOnFault(range: MemoryRange): void {
  const result = callKernel("mlock2", [range.start, range.size, mlockOnFault]);
  if ("errno" in result) throw refusal("mlock2", result.errno, describeRange(range));
}

/** @throws SystemError */
export function unlock(range: MemoryRange): void {
  if (munlock()(range.start, range.size) !== 0) throw refusal("munlock", lastErrno(), describeRange(range));
}
