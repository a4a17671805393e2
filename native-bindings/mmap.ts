import { refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** asm-generic/mman-common.h: PROT_READ | PROT_EXEC, MAP_PRIVATE */
const readAndExecute = 0x1 | 0x4;
const mapPrivate = 0x2;
/** The same: PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS */
const readAndWrite = 0x1 | 0x2;
const privateAndAnonymous = mapPrivate | 0x20;
/** PROT_NONE; MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE */
const noAccess = 0x0;
const unreserved = privateAndAnonymous | 0x4000;
const mapFailed = -1;
const noFile = -1;

const mmap = declare<
  (at: number, size: number, protection: number, flags: number, fd: number, offset: number) => number | bigint
>("intptr_t mmap(uintptr_t at, size_t size, int protection, int flags, int fd, int64_t offset)");
const munmap = declare<(start: bigint, size: number) => number>("int munmap(uintptr_t start, size_t size)");

/** Memory of ours at an address that never changes, until it is disposed of: whoever uses it later is ended by the kernel. */
export interface Mapping extends Disposable {
  readonly address: bigint;
}

/** Code from the beginning of a file, to be run and never to be written. @throws SystemError */
export const mapFileAsCode = (fd: Fd, size: number, subject: string): Mapping =>
  map({ size, protection: readAndExecute, flags: mapPrivate, fd, subject });

/** Zeros of that size, of nobody else's. @throws SystemError */
export const mapZeros = (size: number): Mapping =>
  map({ size, protection: readAndWrite, flags: privateAndAnonymous, fd: noFile, subject: `${size} bytes` });

/** Addresses of that size, with no memory behind them. @throws SystemError where we may have no more */
export const reserveAddresses = (size: number): Mapping =>
  map({ size, protection: noAccess, flags: unreserved, fd: noFile, subject: `${size} bytes of addresses` });

interface Wish {
  readonly size: number;
  readonly protection: number;
  readonly flags: number;
  readonly fd: number;
  readonly subject: string;
}

function map({ size, protection, flags, fd, subject }: Wish): Mapping {
  const start = mmap()(0, size, protection, flags, fd, 0);
  if (start === mapFailed) throw refusal("mmap", lastErrno(), subject);
  const address = BigInt(start);
  return { address, [Symbol.dispose]: () => void munmap()(address, size) };
}
