import koffi from "koffi";
import { errnoName, refusal } from "./errno.ts";
import { closeFd, type Fd, writeOnce } from "./file.ts";
import { declare, lastErrno, lazy, type NativeFunction } from "./libc.ts";

/** linux/memfd.h: MFD_CLOEXEC, and MFD_EXEC, which Linux 6.3 and later want to be said. */
const memfdCloseOnExec = 0x1;
const memfdExecutable = 0x10;
/** asm-generic/mman-common.h: PROT_READ | PROT_EXEC, MAP_PRIVATE */
const readAndExecute = 0x1 | 0x4;
const mapPrivate = 0x2;
const mapFailed = -1;
/** The kernel rounds up to a whole page. */
const mappingSize = 4096;

const memfdCreate = declare<(name: string, flags: number) => number>(
  "int memfd_create(const char *name, unsigned int flags)",
);
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
}

/**
 * Makes a function of machine code. The code is written into a file in memory and mapped from there:
 * no page is ever writable and executable, so that hardened kernels need not make an exception.
 * @throws SystemError when the machine does not let us
 */
export function mapCode(code: Uint8Array): ExecutableMemory {
  const fd = createMemfd();
  try {
    writeOnce(fd, code, "the code of the batch");
    const start = mmap()(0, mappingSize, readAndExecute, mapPrivate, fd, 0);
    if (start === mapFailed) throw refusal("mmap", lastErrno(), "the code of the batch");
    const address = BigInt(start);
    return {
      run: koffi.decode(address, runPrototype()) as NativeFunction<Run>,
      [Symbol.dispose]() {
        munmap()(address, mappingSize);
      },
    };
  } finally {
    closeFd(fd);
  }
}

function createMemfd(): Fd {
  const fd = memfdCreate()("tidemark-batch", memfdCloseOnExec | memfdExecutable);
  if (fd >= 0) return fd as Fd;
  const errno = lastErrno();
  if (errnoName(errno) !== "EINVAL") throw refusal("memfd_create", errno, "the code of the batch");
  return createMemfdBeforeLinux63();
}

function createMemfdBeforeLinux63(): Fd {
  const fd = memfdCreate()("tidemark-batch", memfdCloseOnExec);
  if (fd >= 0) return fd as Fd;
  throw refusal("memfd_create", lastErrno(), "the code of the batch");
}
