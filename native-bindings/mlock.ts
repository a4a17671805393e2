import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { callKernel } from "./syscall.ts";

/** A stretch of our own address space, page-aligned, as `/proc/self/maps` shows it. */
export interface MemoryRange {
  readonly start: bigint;
  readonly size: number;
}

/** asm-generic/mman.h: MLOCK_ONFAULT */
const mlockOnFault = 1;

/** The same: MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT */
const nowAndLaterOnFault = 1 | 2 | 4;

const munlockall = declare<() => number>("int munlockall(void)");

/** A range as the subject of an error. */
export const describeRange = ({ start, size }: MemoryRange): string => `0x${start.toString(16)}+${size}`;

/**
 * Locks the pages of a range that are resident, and each further one when it is first touched.
 * @throws SystemError
 */
export function lockOnFault(range: MemoryRange): void {
  const result = callKernel("mlock2", [range.start, range.size, mlockOnFault]);
  if ("errno" in result) throw refusal("mlock2", result.errno, describeRange(range));
}

/**
 * The same for all of our memory, and for what is mapped later: which the kernel refuses, from then on, to whoever comes to a limit.
 * @throws SystemError
 */
export function lockAllOnFault(): void {
  const result = callKernel("mlockall", [nowAndLaterOnFault]);
  if ("errno" in result) throw refusal("mlockall", result.errno, "our own memory");
}

/** Unlocks all of our memory. @throws SystemError */
export function unlockAll(): void {
  if (munlockall()() !== 0) throw refusal("munlockall", lastErrno(), "our own memory");
}
