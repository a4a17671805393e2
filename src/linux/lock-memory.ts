import type { SystemFailure } from "#domain/system-error.ts";
import { kibToBytes, mib } from "#domain/units.ts";
import { lockAllOnFault, lockOnFault, type MemoryRange, unlockAll } from "#native-bindings/mlock.ts";
import { reserveAddresses } from "#native-bindings/mmap.ts";
import { failureOf } from "./failure.ts";

/** V8 maps a quarter of a MiB at a time, and ends the process when it may not: it must be far from any limit. */
const roomToGrow = kibToBytes(mib(256));

/** Locks all of our memory, and what is mapped later. Nothing is locked when that is refused. */
export function lockAll(): SystemFailure | undefined {
  return failureIn(() => {
    lockAllOnFault();
    try {
      reserveAddresses(roomToGrow)[Symbol.dispose]();
    } catch (error) {
      unlockAll();
      throw error;
    }
  });
}

/** Locks some of it, as far as it goes. The answer is the first refusal. */
export function lockRanges(ranges: readonly MemoryRange[]): SystemFailure | undefined {
  let first: SystemFailure | undefined;
  for (const range of ranges) {
    const failure = failureIn(() => lockOnFault(range));
    first ??= failure;
  }
  return first;
}

function failureIn(lock: () => void): SystemFailure | undefined {
  try {
    lock();
    return undefined;
  } catch (error) {
    return failureOf(error, "our own memory");
  }
}
