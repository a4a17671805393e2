import { closeSync, openSync, readSync } from "node:fs";
import { SystemError } from "#domain/system-error.ts";
import { kib, kibToBytes } from "#domain/units.ts";
import { failureOf } from "#linux/failure.ts";
import { readKernelLog } from "#linux/kernel-log.ts";

/** Where a log comes from. */
export type LogSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin" }
  /** What the kernel of this machine remembers. */
  | { readonly kind: "kernel-log" };

const pieceSize = kibToBytes(kib(256));
const stdin = 0;

/** The log in pieces, each valid until the next one is asked for. @throws SystemError */
export async function* readLog(source: LogSource): AsyncGenerator<Uint8Array> {
  try {
    yield* open(source);
  } catch (error) {
    if (error instanceof SystemError) throw error;
    const subject = source.kind === "file" ? source.path : "the standard input";
    throw new SystemError(failureOf(error, subject), { cause: error });
  }
}

function open(source: LogSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  switch (source.kind) {
    case "file":
      return readFile(source.path);
    case "stdin":
      return readStdin();
    case "kernel-log":
      return readKernelLog();
  }
}

function* readFile(path: string): Generator<Uint8Array> {
  const fd = openSync(path, "r");
  try {
    yield* readToEnd(fd);
  } finally {
    closeSync(fd);
  }
}

async function* readStdin(): AsyncGenerator<Uint8Array> {
  try {
    yield* readToEnd(stdin);
  } catch (error) {
    // Whoever started us may have made it non-blocking: then only a stream knows when there is more.
    if (failureOf(error, "the standard input").errno !== "EAGAIN") throw error;
    yield* process.stdin;
  }
}

/**
 * One buffer for all: a stream makes a new one for each piece, and 40 MiB of them lie about until they are collected. In this
 * thread: nothing else is to be done meanwhile, and to ask another thread for each piece takes five times as long.
 */
function* readToEnd(fd: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(pieceSize);
  for (;;) {
    const size = readSync(fd, buffer);
    if (size === 0) return;
    yield buffer.subarray(0, size);
  }
}
