import { milliseconds, type Pidfd } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** asm-generic/poll.h: struct pollfd { int fd; short events; short revents; } */
export const pollfdLayout = { size: 8, fd: 0, events: 4, revents: 6 } as const;

/** asm-generic/poll.h */
const pollBits = { in: 0x1, priority: 0x2, out: 0x4, error: 0x8, hangUp: 0x10, invalid: 0x20 } as const;

const askedBits = { readable: pollBits.in, priority: pollBits.priority, writable: pollBits.out } as const;

/** What to wait for: a pidfd becomes readable when its process has exited, a PSI trigger fires as priority. */
export interface Watched {
  readonly fd: Fd | Pidfd;
  readonly until: keyof typeof askedBits;
}

/** What `poll` said of one descriptor. `failed`: it can never become ready again. */
export type Readiness = "idle" | "ready" | "failed";

type Poll = (set: Uint8Array, count: number, timeout: number) => number;
/** nfds_t is unsigned long in glibc and in musl. */
const poll = declare<Poll>("int poll(void *set, unsigned long count, int milliseconds)");

/**
 * Asks at once, or waits on this thread for at most so long. In the order of `watched`. A signal ends no poll here, not
 * even one that only asks: it would be taken for an answer.
 * @throws SystemError
 */
export function pollNow(watched: readonly Watched[], patience = milliseconds(0)): readonly Readiness[] {
  const set = encode(watched);
  const deadline = performance.now() + patience;
  let left: number = patience;
  while (poll()(set, watched.length, Math.ceil(left)) < 0) {
    const errno = lastErrno();
    if (errnoName(errno) !== "EINTR") throw refusal("poll", errno, `${watched.length} descriptors`);
    left = Math.max(0, deadline - performance.now());
  }
  return watched.map((_, index) => readinessAt(set, index));
}

/** Waits on a thread of the pool until one of them is ready, for as long as it takes. @throws SystemError (as a rejection) */
export function pollAside(watched: readonly Watched[]): Promise<readonly Readiness[]> {
  // The kernel writes into this memory until the call is back: the closure below keeps it alive.
  const set = encode(watched);
  return new Promise((resolve, reject) => {
    poll().async(set, watched.length, -1, (_error, count) => {
      const errno = count < 0 ? lastErrno() : 0;
      if (count >= 0 || errnoName(errno) === "EINTR") resolve(watched.map((_, index) => readinessAt(set, index)));
      else reject(refusal("poll", errno, `${watched.length} descriptors`));
    });
  });
}

/** Memory of its own, outside V8's heap: a collection never moves it (see syscall-batch.ts). */
function encode(watched: readonly Watched[]): Uint8Array {
  const set = new Uint8Array(new ArrayBuffer(Math.max(1, watched.length) * pollfdLayout.size));
  writePollSet(set, watched);
  return set;
}

/** What is to be waited for, as poll(2) wants it, into memory that has room for it. */
export function writePollSet(set: Uint8Array, watched: readonly Watched[]): void {
  const view = new DataView(set.buffer, set.byteOffset, set.length);
  for (const [index, { fd, until }] of watched.entries()) {
    const at = index * pollfdLayout.size;
    view.setInt32(at + pollfdLayout.fd, fd, true);
    view.setInt16(at + pollfdLayout.events, askedBits[until], true);
    view.setInt16(at + pollfdLayout.revents, 0, true);
  }
}

/** What poll(2) said of one of them. */
export function readinessAt(set: Uint8Array, index: number): Readiness {
  const { buffer, byteOffset, length } = set;
  const revents = new DataView(buffer, byteOffset, length).getInt16(
    index * pollfdLayout.size + pollfdLayout.revents,
    true,
  );
  if ((revents & (pollBits.error | pollBits.invalid)) !== 0) return "failed";
  return (revents & (pollBits.in | pollBits.priority | pollBits.out | pollBits.hangUp)) === 0 ? "idle" : "ready";
}
