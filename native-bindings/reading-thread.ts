import { type Milliseconds, milliseconds } from "#domain/units.ts";
import { errnoNumber, refusal } from "./errno.ts";
import { makeBell } from "./eventfd.ts";
import { mapCode } from "./executable-memory.ts";
import type { Fd } from "./file.ts";
import { declareThreading } from "./libc.ts";
import { machineCode, repeatCode } from "./machine-code.ts";
import { pollNow } from "./poll.ts";
import { mapShared } from "./shared-memory.ts";
import type { SyscallResult } from "./syscall.ts";
import { callLayout, resultAt } from "./syscall-batch.ts";
import { syscallNumbers } from "./syscall-numbers.ts";

/** signal.h: SIG_SETMASK; sigset_t has 128 bytes in glibc and in musl. */
const setMask = 2;
const signalSetSize = 128;

const pthreadCreate = declareThreading<
  (thread: BigUint64Array, attributes: number, start: bigint, argument: bigint) => number
>("int pthread_create(void *thread, uintptr_t attributes, uintptr_t start, uintptr_t argument)");
const pthreadJoin = declareThreading<(thread: bigint, result: number) => number>(
  "int pthread_join(uintptr_t thread, uintptr_t result)",
);
const pthreadSigmask = declareThreading<(how: number, set: Uint8Array, before: Uint8Array) => number>(
  "int pthread_sigmask(int how, const void *set, void *before)",
);

/** A thread of our own, none of the pool's, for reads of which nobody knows when they end. It reads one file at a time. */
export interface ReadingThread extends Disposable {
  /**
   * Begins to read a file from its beginning, and waits at most so long. Undefined: it goes on by itself, and the file has to
   * stay open until the thread is free again.
   */
  read(fd: Fd, patience: Milliseconds): SyscallResult | undefined;
  /** Whether the last read has come to its end. */
  isFree(): boolean;
  /** What was read last, while the thread is free. */
  readonly content: Uint8Array;
}

/** The round of calls: it is woken, reads, and says so. One word of memory serves both bells. */
const callCount = 3;
const roundWords = 1 + callCount * callLayout.words;
const bellWord = roundWords;
const contentOffset = 4096;

/**
 * Starts a thread that can hold `most` bytes. It runs machine code and nothing of V8, so that it may hang in a call for ever without anybody
 * noticing, and the end of the process does not wait for it.
 * @throws SystemError where this machine has no code for it, or does not let us have a thread
 */
export function startReadingThread(most: number): ReadingThread {
  const [repeat, run, numbers] = [repeatCode[process.arch], machineCode[process.arch], syscallNumbers[process.arch]];
  if (repeat === undefined || run === undefined || numbers === undefined) {
    throw refusal("mmap", errnoNumber("ENOSYS"), `code for ${process.arch}`);
  }
  const code = mapCode(Uint8Array.of(...repeat, ...run));
  const memory = mapShared(contentOffset + most);
  const [wake, done] = [makeBell({ wakesReader: true }), makeBell()];
  const words = new BigInt64Array(memory.buffer, 0, contentOffset / BigInt64Array.BYTES_PER_ELEMENT);
  const content = new Uint8Array(memory.buffer, contentOffset, most);
  const bellAddress = memory.address + BigInt(bellWord * BigInt64Array.BYTES_PER_ELEMENT);

  const writeCall = (index: number, number: number, args: readonly (number | bigint)[]): void => {
    const at = 1 + index * callLayout.words;
    words[at + callLayout.number] = BigInt(number);
    words.set(args.map(BigInt), at + callLayout.firstArgument);
  };
  words[0] = BigInt(callCount);
  writeCall(0, numbers.read, [wake.fd, bellAddress, BigInt64Array.BYTES_PER_ELEMENT]);
  writeCall(2, numbers.write, [done.fd, bellAddress, BigInt64Array.BYTES_PER_ELEMENT]);

  const thread = startThread(code.address, memory.address);
  let isBusy = false;

  const isDoneWithin = (patience: Milliseconds): boolean => {
    if (!isBusy) return true;
    if (pollNow([{ fd: done.fd, until: "readable" }], patience)[0] === "idle") return false;
    done.silence();
    isBusy = false;
    return true;
  };

  return {
    read(fd, patience) {
      if (isBusy) throw new Error("Cannot read: the thread is not free");
      writeCall(1, numbers.pread64, [fd, memory.address + BigInt(contentOffset), most, 0]);
      isBusy = true;
      wake.ring();
      return isDoneWithin(patience) ? resultAt(words.subarray(1), 1) : undefined;
    },
    isFree: () => isDoneWithin(milliseconds(0)),
    content,
    [Symbol.dispose]() {
      words[0] = 0n;
      // Who hangs still uses all of it, and ends by itself when it comes back, or with the process.
      if (!isDoneWithin(milliseconds(0))) return;
      wake.ring();
      pthreadJoin()(thread, 0);
      for (const part of [wake, done, memory, code]) part[Symbol.dispose]();
    },
  };
}

/** No signal is delivered to it: the handlers of Node are for Node's own threads, and an interrupted call would end the round. */
function startThread(start: bigint, argument: bigint): bigint {
  const handle = new BigUint64Array(1);
  const before = new Uint8Array(signalSetSize);
  pthreadSigmask()(setMask, new Uint8Array(signalSetSize).fill(0xff), before);
  const refused = pthreadCreate()(handle, 0, start, argument);
  pthreadSigmask()(setMask, before, new Uint8Array(signalSetSize));
  if (refused !== 0) throw refusal("pthread_create", refused, "a thread for reading");
  return handle[0] ?? 0n;
}
