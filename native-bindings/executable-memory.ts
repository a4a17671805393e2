import koffi from "koffi";
import { refusal } from "./errno.ts";
import { closeFd, type Fd, writeOnce } from "./file.ts";
import { declare, lastErrno, lazy, type NativeFunction } from "./libc.ts";
import { makeMemoryFile } from "./memory-file.ts";

/** asm-generic/mman-common.h: PROT_READ | PROT_EXEC, MAP_PRIVATE */
const readAndExecute = 0x1 | 0x4;
const mapPrivate = 0x2;
const mapFailed = -1;
/** The kernel rounds up to a whole page. */
const mappingSize = 4096;

const mmap = declare<
  (at: number, size: number, protection: number, flags: number, fd: Fd, offset: number) => number | bigint
>("intptr_t mmap(uintptr_t at, size_t size, int protection, int flags, int fd, int64_t offset)");
const munmap = declare<(start: bigint, size: number) => number>("int munmap(uintptr_t start, size_t size)");

/** Makes `count` calls, one right after the other, and writes each result beside its call. */
export type Run = (calls: BigInt64Array, count: number) => void;
const runPrototype = lazy(() => koffi.proto("void", ["void *", "long"]));

/** Machine code of ours, mapped until it is disposed of. */
export interface ExecutableMemory extends Disposable {
  readonly run: NativeFunction<Run>;
  /** Where it begins. */
  readonly address: bigint;
}

/**
 * Makes a function of machine code. The code is written into a file in memory and mapped from there:
 * no page is ever writable and executable, so that hardened kernels need not make an exception.
 * @throws SystemError when the machine does not let us
 */
export function mapCode(code: Uint8Array): ExecutableMemory {
  const fd = makeMemoryFile("tidemark-batch", "code");
  try {
    writeOnce(fd, code, "the code of the batch");
    const start = mmap()(0, mappingSize, readAndExecute, mapPrivate, fd, 0);
    if (start === mapFailed) throw refusal("mmap", lastErrno(), "the code of the batch");
    const address = BigInt(start);
    return {
      address,
      run: koffi.decode(address, runPrototype()) as NativeFunction<Run>,
      [Symbol.dispose]() {
        munmap()(address, mappingSize);
      },
    };
  } finally {
    closeFd(fd);
  }
}
