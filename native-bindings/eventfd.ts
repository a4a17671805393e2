import { errnoName, refusal } from "./errno.ts";
import { closeFd, type Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** sys/eventfd.h: EFD_CLOEXEC, EFD_NONBLOCK */
const eventfdFlags = { closeOnExec: 0o2000000, nonBlocking: 0o4000 };
const counterSize = 8;

const eventfd = declare<(initial: number, flags: number) => number>("int eventfd(unsigned int initial, int flags)");
const read = declare<(fd: number, buffer: BigUint64Array, size: number) => number>(
  "intptr_t read(int fd, void *buffer, size_t size)",
);
const write = declare<(fd: number, buffer: BigUint64Array, size: number) => number>(
  "intptr_t write(int fd, const void *buffer, size_t size)",
);

/** A bell a blocked `poll` can hear. */
export interface Bell extends Disposable {
  readonly fd: Fd;
  /** Makes the descriptor readable, once and for all until {@link Bell.silence}. */
  ring(): void;
  silence(): void;
}

/** How a bell is heard: by who polls, or by a thread that sleeps in read(2) until it rings. */
export interface BellOptions {
  readonly wakesReader?: boolean;
}

/** @throws SystemError */
export function makeBell({ wakesReader = false }: BellOptions = {}): Bell {
  const { closeOnExec, nonBlocking } = eventfdFlags;
  const fd = eventfd()(0, wakesReader ? closeOnExec : closeOnExec | nonBlocking);
  if (fd < 0) throw refusal("eventfd", lastErrno(), "a bell");
  const counter = new BigUint64Array(1);

  const expect = (size: number): void => {
    if (size === counterSize) return;
    const errno = lastErrno();
    // Ringing a full counter and silencing an empty one are both done already.
    if (errnoName(errno) !== "EAGAIN") throw refusal("use eventfd", errno, `descriptor ${fd}`);
  };

  return {
    fd: fd as Fd,
    ring() {
      counter[0] = 1n;
      expect(write()(fd, counter, counterSize));
    },
    silence: () => expect(read()(fd, counter, counterSize)),
    [Symbol.dispose]: () => closeFd(fd as Fd),
  };
}
