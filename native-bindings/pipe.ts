import { refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** asm-generic/fcntl.h: O_CLOEXEC */
const closeOnExec = 0o2000000;

const pipe2 = declare<(ends: Int32Array, flags: number) => number>("int pipe2(void *ends, int flags)");
const read = declare<(fd: number, buffer: Uint8Array, size: number) => number>(
  "intptr_t read(int fd, void *buffer, size_t size)",
);

/** Both ends of a pipe; neither survives exec by itself. */
export interface Pipe {
  readonly readEnd: Fd;
  readonly writeEnd: Fd;
}

/** @throws SystemError */
export function makePipe(): Pipe {
  const ends = new Int32Array(2);
  if (pipe2()(ends, closeOnExec) !== 0) throw refusal("pipe2", lastErrno(), "a pipe");
  const [readEnd = -1, writeEnd = -1] = ends;
  return { readEnd: readEnd as Fd, writeEnd: writeEnd as Fd };
}

/** Reads what is there, and waits for it if nothing is: to be asked after `poll` only. 0: every writer is gone. @throws SystemError */
export function readPipe(fd: Fd, buffer: Uint8Array): number {
  const size = read()(fd, buffer, buffer.length);
  if (size >= 0) return size;
  throw refusal("read", lastErrno(), `descriptor ${fd}`);
}
