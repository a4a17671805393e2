import type { MemoryRange } from "#native-bindings/mlock.ts";
import type { SmapsMapping } from "#procfs/smaps.ts";

/** Mappings of one name that lie side by side. */
interface Stretch extends MemoryRange {
  readonly name: string | undefined;
}

/** What of our memory can be locked, found mapping by mapping. */
export interface Lockable {
  readonly ranges: () => readonly MemoryRange[];
  /** Code of the kernel's, which every process sees: it is resident, cannot be locked, and never goes. */
  readonly shared: () => readonly MemoryRange[];
  /** The next mapping, in the order of addresses. */
  readonly note: (mapping: SmapsMapping) => void;
}

/**
 * All that has a name, but what the kernel has put there: what is locked where not everything can be. What has none is V8's, and what it
 * needs to live in locked memory not every machine has.
 * @see findV8Memory
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
    shared: () => stretches.filter(({ name }) => name === "[vdso]"),
  };
}

/** A file, `[heap]` or `[stack]`; not what the kernel shares with everybody. */
const isOurs = (name: string): boolean => !/^\[v(var|dso|syscall)/.test(name);
