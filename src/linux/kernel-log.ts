import { closeSync, constants, openSync, readSync } from "node:fs";
import { SystemError } from "#domain/system-error.ts";
import { failureOf } from "./failure.ts";

const kernelLogPath = "/dev/kmsg";

/** A record has at most 1024 bytes of text, and its dictionary; what is smaller than a record cannot be read at all. */
const recordSize = 8192;

/** EAGAIN: nobody has said more yet. EPIPE: the record was overwritten before it was read, and the next one is whole again. */
const readings: Readonly<Record<string, "end" | "lost">> = { EAGAIN: "end", EPIPE: "lost" };

/** What the kernel has said and still remembers, one record at a time; it does not wait for more. @throws SystemError @see Documentation/ABI/testing/dev-kmsg */
export function* readKernelLog(path: string = kernelLogPath): Generator<Uint8Array> {
  const fd = attempt(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    for (;;) {
      const record = readRecord(fd, path);
      if (record === "end") return;
      if (record !== "lost") yield record;
    }
  } finally {
    closeSync(fd);
  }
}

function readRecord(fd: number, path: string): Uint8Array | "end" | "lost" {
  const record = new Uint8Array(recordSize);
  try {
    const size = readSync(fd, record);
    return size === 0 ? "end" : record.subarray(0, size);
  } catch (error) {
    const failure = failureOf(error, path);
    const reading = readings[failure.errno];
    if (reading === undefined) throw new SystemError(failure, { cause: error });
    return reading;
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new SystemError(failureOf(error, path), { cause: error });
  }
}
