import koffi from "koffi";
import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";

/** asm-generic/mman-common.h: PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS */
const readAndWrite = 0x1 | 0x2;
const privateAndAnonymous = 0x2 | 0x20;
const mapFailed = -1;
const noFile = -1;

const mmap = declare<
  (at: number, size: number, protection: number, flags: number, fd: number, offset: number) => number | bigint
>("intptr_t mmap(uintptr_t at, size_t size, int protection, int flags, int fd, int64_t offset)");
const munmap = declare<(start: bigint, size: number) => number>("int munmap(uintptr_t start, size_t size)");

/** Memory at an address that never changes, which threads of ours may use while V8 knows nothing of it. */
export interface SharedMemory extends Disposable {
  readonly address: bigint;
  readonly buffer: ArrayBuffer;
}

/** Zeros of that size, outside V8's heap, until they are disposed of: whoever uses them later is ended by the kernel. @throws SystemError */
export function mapShared(size: number): SharedMemory {
  const start = mmap()(0, size, readAndWrite, privateAndAnonymous, noFile, 0);
  if (start === mapFailed) throw refusal("mmap", lastErrno(), `${size} bytes`);
  const address = BigInt(start);
  return {
    address,
    buffer: koffi.view(address, size),
    [Symbol.dispose]: () => void munmap()(address, size),
  };
}
