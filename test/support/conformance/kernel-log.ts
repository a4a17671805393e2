import { closeSync, constants, openSync, readSync } from "node:fs";

/** The kernel's log from where it was opened on. */
export interface KernelLog extends Disposable {
  /** What has been said since the last time, one message each, without its prefix. */
  next(): readonly string[];
}

const device = "/dev/kmsg";
/** linux/printk.h: PRINTK_MESSAGE_MAX, the most that one read gives. */
const longestRecord = 8192;

/** Records were overwritten before they were read; the next read goes on behind them. */
const lost = "EPIPE";
const drained = "EAGAIN";

/** Why the log cannot be read here, or false. */
export function lacksKernelLog(): string | false {
  try {
    openKernelLog()[Symbol.dispose]();
    return false;
  } catch (error) {
    return `the kernel's log cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}

/** Opens it behind all that has been said already. */
export function openKernelLog(): KernelLog {
  const fd = openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(longestRecord);

  /** Without a position: the device is read from where it stands. One read gives one record. */
  const readRecord = (): string | undefined => {
    let failure = lost;
    while (failure === lost) {
      try {
        return buffer.toString("utf8", 0, readSync(fd, buffer));
      } catch (error) {
        failure = error instanceof Error && "code" in error ? String(error.code) : String(error);
      }
    }
    if (failure !== drained) throw new Error(`Cannot read "${device}": ${failure}`);
    return undefined;
  };

  const next = (): readonly string[] => {
    const messages: string[] = [];
    for (let record = readRecord(); record !== undefined; record = readRecord()) {
      messages.push(record.slice(record.indexOf(";") + 1).split("\n", 1)[0] ?? "");
    }
    return messages;
  };
  next();
  return { next, [Symbol.dispose]: () => closeSync(fd) };
}
