import koffi from "koffi";
import { errnoNumber, refusal } from "./errno.ts";
import { mapCode } from "./executable-memory.ts";
import { addressIfThere, declare, lastErrno, libcAddress } from "./libc.ts";
import { discardLockedCode } from "./machine-code.ts";
import { describeRange, type MemoryRange } from "./mlock.ts";

/** asm-generic/mman-common.h: PROT_READ, PROT_WRITE */
const read = 0x1;
const readAndWrite = 0x1 | 0x2;

const mprotect = declare<(start: bigint, size: number, protection: number) => number>(
  "int mprotect(uintptr_t start, size_t size, int protection)",
);

/** Where V8's code is: in Node's program, or in a library of it. Undefined where Node keeps that to itself. */
export const findV8 = (): bigint | undefined => addressIfThere("_ZN2v82V818SetFlagsFromStringEPKc");

/** What V8 is to call instead of madvise, when it gives pages back. */
export interface Discards {
  /** In memory of the program that holds V8: not what it runs, but what the dynamic linker has written. The answer is whether madvise was there. @throws SystemError */
  redirect(range: MemoryRange, isWritable: boolean): boolean;
}

/**
 * Maps code that gives locked pages back as well, which the C library knows nothing of. It stays: V8 may call it until the process ends.
 * @throws SystemError where this machine has no code for it, or does not let us map it
 */
export function prepareDiscards(): Discards {
  const code = discardLockedCode[process.arch];
  if (code === undefined) throw refusal("mmap", errnoNumber("ENOSYS"), `code for ${process.arch}`);
  const madvise = libcAddress("madvise");
  const { address } = mapCode(Uint8Array.of(...code, ...new Uint8Array(BigUint64Array.of(madvise).buffer)));
  return {
    redirect(range, isWritable) {
      const words = new BigUint64Array(koffi.view(range.start, range.size));
      if (!words.includes(madvise)) return false;
      if (!isWritable) protect(range, readAndWrite);
      // In one piece: other threads may be about to call it.
      for (let at = words.indexOf(madvise); at >= 0; at = words.indexOf(madvise, at + 1)) words[at] = address;
      if (!isWritable) protect(range, read);
      return true;
    },
  };
}

function protect(range: MemoryRange, protection: number): void {
  if (mprotect()(range.start, range.size, protection) !== 0)
    throw refusal("mprotect", lastErrno(), describeRange(range));
}
