import { createReadStream } from "node:fs";
import { SystemError } from "#domain/system-error.ts";
import { kibToBytes, mib } from "#domain/units.ts";
import { failureOf } from "#linux/failure.ts";
import { readKernelLog } from "#linux/kernel-log.ts";

/** Where a log comes from. */
export type LogSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin" }
  /** What the kernel of this machine remembers. */
  | { readonly kind: "kernel-log" };

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const pieceSize = kibToBytes(mib(1));

/** The log in pieces, none of which is kept. @throws SystemError */
export async function* readLog(source: LogSource): AsyncGenerator<Uint8Array> {
  try {
    yield* open(source);
  } catch (error) {
    if (error instanceof SystemError) throw error;
    const subject = source.kind === "file" ? source.path : "the standard input";
    throw new SystemError(failureOf(error, subject), { cause: error });
  }
}

function open(source: LogSource): Pieces {
  switch (source.kind) {
    case "file":
      return createReadStream(source.path, { highWaterMark: pieceSize });
    case "stdin":
      return process.stdin;
    case "kernel-log":
      return readKernelLog();
  }
}
