import type { Milliseconds } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";
import { pollNow } from "./poll.ts";

/**
 * limits.h: PIPE_BUF. poll(2) calls a pipe writable when at least this much fits, so a write of no more does not wait
 * (pipe(7)), and no flag of an open file that others share has to be changed.
 */
const pipeBuf = 4096;

const write = declare<(fd: number, buffer: Uint8Array, size: number) => number>(
  "intptr_t write(int fd, const void *buffer, size_t size)",
);

/** Whether a write would be taken now, or within `patience`. Also true when the other end is gone: the write says so then. */
export const hasRoom = (fd: Fd, patience: Milliseconds): boolean =>
  pollNow([{ fd, until: "writable" }], patience)[0] !== "idle";

/**
 * Writes as much of `content` as fits without waiting; the answer is how much that was.
 * @throws SystemError EPIPE when nobody reads any more
 */
export function writeIfRoom(fd: Fd, content: Uint8Array, patience: Milliseconds): number {
  if (!hasRoom(fd, patience)) return 0;
  const size = write()(fd, content, Math.min(content.length, pipeBuf));
  if (size >= 0) return size;
  const errno = lastErrno();
  if (errnoName(errno) === "EAGAIN" || errnoName(errno) === "EINTR") return 0;
  throw refusal("write", errno, `descriptor ${fd}`);
}
