import type { SystemFailure } from "#domain/system-error.ts";
import { type Milliseconds, milliseconds, type Pid } from "#domain/units.ts";
import { refusal } from "#native-bindings/errno.ts";
import { adviceFor } from "#native-bindings/errno-advice.ts";
import { closeFd, type Fd, openIfPresent } from "#native-bindings/file.ts";
import { type ReadingThread, startReadingThread } from "#native-bindings/reading-thread.ts";
import type { SyscallResult } from "#native-bindings/syscall.ts";
import { isGone } from "./failure.ts";

/**
 * Reads files of processes that can wait for a lock of theirs (mmap_lock: `cmdline`, `environ`, `maps`, `smaps`), each on a thread
 * that is not of the pool, and never waits with them. @see fs/proc/base.c: get_mm_cmdline
 */
export interface PatientReader extends Disposable {
  /**
   * The beginning of a file, in memory that the next read takes over. Undefined: the process has gone, or it does not answer; then
   * it is not asked again before this read has come back, or the process has ended, with which it does.
   * @throws SystemError
   */
  read(of: Pid, path: string): Uint8Array | undefined;
  /** Who did not answer since this was last asked. */
  takeNews(): readonly SystemFailure[];
}

/** What reading patiently takes. */
export interface PatientReaderOptions {
  /** How many bytes of a file are wanted. */
  readonly most: number;
  readonly patience?: Milliseconds;
}

/** Others answer within 50 µs; one that is kept from running for so long may be kept for ever. */
const usualPatience = milliseconds(20);
/** With so many reads hanging, nobody is asked any more: each costs a thread and two descriptors until it ends. */
const mostHanging = 4;

interface Hanging {
  readonly of: Pid;
  readonly thread: ReadingThread;
  readonly fd: Fd;
}

/** A reader that starts its thread when it is first asked. */
export function makePatientReader({ most, patience = usualPatience }: PatientReaderOptions): PatientReader {
  let idle: ReadingThread | undefined;
  let hanging: readonly Hanging[] = [];
  const news: SystemFailure[] = [];

  const takeBack = (): void => {
    const back = hanging.filter(({ thread }) => thread.isFree());
    hanging = hanging.filter((each) => !back.includes(each));
    for (const { thread, fd } of back) {
      closeFd(fd);
      if (idle === undefined) idle = thread;
      else thread[Symbol.dispose]();
    }
  };

  const giveUp = (path: string, hung: Hanging): undefined => {
    hanging = [...hanging, hung];
    idle = undefined;
    const [call, errno] = ["pread", "ETIMEDOUT"];
    news.push({ call, errno, subject: path, advice: adviceFor(call, errno) });
  };

  const takeIdle = (): ReadingThread => {
    idle ??= startReadingThread(most);
    return idle;
  };

  /** The descriptor is closed when the read is over, be it later. */
  const ask = (of: Pid, path: string, fd: Fd): Uint8Array | undefined => {
    let isOver = true;
    try {
      const thread = takeIdle();
      const result = thread.read(fd, patience);
      isOver = result !== undefined;
      return result === undefined ? giveUp(path, { of, thread, fd }) : contentOf(thread, result, path);
    } finally {
      if (isOver) closeFd(fd);
    }
  };

  return {
    read(of, path) {
      takeBack();
      const isSilent = hanging.some((each) => each.of === of);
      if (isSilent || hanging.length >= mostHanging) return undefined;
      const fd = openIfPresent(path);
      return fd === undefined ? undefined : ask(of, path, fd);
    },
    takeNews: () => news.splice(0),
    [Symbol.dispose]() {
      takeBack();
      idle?.[Symbol.dispose]();
      idle = undefined;
      for (const { thread } of hanging) thread[Symbol.dispose]();
      hanging = [];
    },
  };
}

function contentOf({ content }: ReadingThread, result: SyscallResult, path: string): Uint8Array | undefined {
  if ("value" in result) return content.subarray(0, result.value);
  const refused = refusal("pread", result.errno, path);
  if (isGone(refused)) return undefined;
  throw refused;
}
