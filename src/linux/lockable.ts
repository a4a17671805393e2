import type { MemoryRange } from "#native-bindings/mlock.ts";
import type { SmapsMapping } from "#procfs/smaps.ts";

/** Mappings of one name that lie side by side. */
interface Stretch extends MemoryRange {
  readonly name: string | undefined;
}

/** What of our memory can be locked, found mapping by mapping. */
export interface Lockable {
  readonly ranges: () => readonly MemoryRange[];
  /** The next mapping, in the order of addresses. */
  readonly note: (mapping: SmapsMapping) => void;
}

/**
 * All that has a name, but what the kernel has put there. What has none is V8's, and V8 dies ("Check failed: 0 == ret" in
 * OS::SetPermissions) when it empties a page that is locked, because the kernel refuses madvise(MADV_DONTNEED) then: a page of code on
 * Node 20 to 26, and the half of the nursery that is not in use after every scavenge of a program that allocates less than 1 MB/s,
 * which is what a daemon does. Swap is kept from it by MemorySwapMax=0 of the unit.
 * @see v8: src/base/platform/platform-posix.cc, OS::DiscardSystemPages; src/heap/heap.cc, Heap::ReduceNewSpaceSize
 */
export function findLockable(): Lockable {
  const stretches: Stretch[] = [];
  return {
    note({ start, size, name }) {
      const last = stretches.at(-1);
      const isNext = last !== undefined && last.start + BigInt(last.size) === start && last.name === name;
      if (!isNext) stretches.push({ start, size, name });
      else stretches.splice(-1, 1, { ...last, size: last.size + size });
    },
    ranges: () => stretches.filter(({ name }) => name !== undefined && isOurs(name)),
  };
}

/** A file, `[heap]` or `[stack]`; not what the kernel shares with everybody. */
const isOurs = (name: string): boolean => !/^\[v(var|dso|syscall)/.test(name);
