import { closeSync, openSync, read } from "node:fs";
import { promisify } from "node:util";
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

const readPiece = promisify(read);

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

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
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

/** One buffer for all: a stream makes a new one for each piece, and 40 MiB of them lie about until they are collected. */
async function* readToEnd(fd: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pieceSize);
  for (;;) {
    const { bytesRead } = await readPiece(fd, buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
