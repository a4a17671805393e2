import type { SystemFailure } from "#domain/system-error.ts";
import { canDiscardLocked } from "#native-bindings/madvise.ts";
import { type Discards, findV8, prepareDiscards } from "#native-bindings/v8-discards.ts";
import type { SmapsMapping } from "#procfs/smaps.ts";
import { failureOf } from "./failure.ts";
import { visitStretches } from "./page-map.ts";

/** Whether V8 can live in locked memory, found mapping by mapping. */
export interface V8Memory {
  /** The next mapping, in any order. */
  readonly note: (mapping: SmapsMapping) => void;
  /** Makes it so, once in a process. */
  readonly prepareForLock: () => V8Readiness;
}

/** Not ready without a failure: this kernel, or this build of Node, has no way to it. */
export interface V8Readiness {
  readonly isReady: boolean;
  readonly failure: SystemFailure | undefined;
}

/**
 * V8 gives pages back with madvise(MADV_DONTNEED), and ends the process ("Check failed: 0 == ret") when the kernel refuses, which it does
 * for locked pages: of code that is thrown away, and of the half of the nursery that is not in use after every scavenge of a program that
 * allocates less than 1 MB/s, which is what a daemon does. The kernel has a word for locked pages too, MADV_DONTNEED_LOCKED, since
 * 5.18. So V8 is given another madvise: the program that holds it calls the C library by addresses that the dynamic linker has
 * written into it, at the start, when the daemon is started (LD_BIND_NOW), and the one of madvise is replaced there.
 * @see v8: src/base/platform/platform-posix.cc, OS::SetPermissions, OS::DiscardSystemPages; mm/madvise.c, madvise_dontneed_free_valid_vma
 */
export function findV8Memory(): V8Memory {
  const v8 = findV8();
  const written: SmapsMapping[] = [];
  let program: string | undefined;
  return {
    note(mapping) {
      if (v8 !== undefined && isIn(mapping, v8)) program = mapping.name;
      if (isWrittenFile(mapping)) written.push(mapping);
    },
    prepareForLock() {
      try {
        const own = written.filter(({ name }) => name === program);
        const isReady = own.length > 0 && canDiscardLocked() && redirectAll(own, prepareDiscards());
        return { isReady, failure: undefined };
      } catch (error) {
        return { isReady: false, failure: failureOf(error, "our own memory") };
      }
    },
  };
}

/** Pages that are not there were never written to. */
function redirectAll(mappings: readonly SmapsMapping[], { redirect }: Discards): boolean {
  let isFound = false;
  for (const mapping of mappings) {
    visitStretches([mapping], (stretch) => {
      if (stretch.isPresent && redirect(stretch, mapping.isWritable)) isFound = true;
    });
  }
  return isFound;
}

const isIn = ({ start, size }: SmapsMapping, address: bigint): boolean =>
  address >= start && address < start + BigInt(size);

const isWrittenFile = ({ name, isExecutable, unsaved }: SmapsMapping): boolean =>
  name?.startsWith("/") === true && !isExecutable && unsaved > 0;
