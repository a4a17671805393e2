import type { MemoryRange } from "#native-bindings/mlock.ts";
import type { SmapsMapping } from "#procfs/smaps.ts";

/** Mappings of one file, or without a name, that lie side by side: one reservation, of which parts were given other rights. */
interface Reservation extends MemoryRange {
  readonly name: string | undefined;
  readonly hasCode: boolean;
}

/** What of our memory can be locked, found mapping by mapping. */
export interface Lockable {
  readonly ranges: () => readonly MemoryRange[];
  /** The next mapping, in the order of addresses. */
  readonly note: (mapping: SmapsMapping) => void;
}

/**
 * All but what the kernel has put there, and the reservation in which V8 keeps its code. V8 dies ("Check failed: 0 == ret" in
 * OS::SetPermissions) when it frees a page of code that is locked, because the kernel refuses madvise(MADV_DONTNEED) then; Node 20
 * to 26. Its heap it gives back with munmap, which locked memory bears. Swap is kept from the code by MemorySwapMax=0 of the unit.
 * @see v8: src/base/platform/platform-posix.cc, OS::DiscardSystemPages
 */
export function findLockable(): Lockable {
  const reservations: Reservation[] = [];
  return {
    note({ start, size, name, isExecutable }) {
      const last = reservations.at(-1);
      const isNext = last !== undefined && last.start + BigInt(last.size) === start && last.name === name;
      if (!isNext) reservations.push({ start, size, name, hasCode: isExecutable });
      else reservations.splice(-1, 1, { ...last, size: last.size + size, hasCode: last.hasCode || isExecutable });
    },
    ranges: () => reservations.filter(({ name, hasCode }) => (name === undefined ? !hasCode : isOurs(name))),
  };
}

/** A file, `[heap]` or `[stack]`; not what the kernel shares with everybody. */
const isOurs = (name: string): boolean => !/^\[v(var|dso|syscall)/.test(name);
