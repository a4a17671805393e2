import koffi from "koffi";
import { closeFd, writeOnce } from "./file.ts";
import { lazy, type NativeFunction } from "./libc.ts";
import { makeMemoryFile } from "./memory-file.ts";
import { type Mapping, mapFileAsCode } from "./mmap.ts";

/** The kernel rounds up to a whole page. */
const mappingSize = 4096;

/** Makes `count` calls, one right after the other, and writes each result beside its call. */
export type Run = (calls: BigInt64Array, count: number) => void;
const runPrototype = lazy(() => koffi.proto("void", ["void *", "long"]));

/** Machine code of ours, mapped until it is disposed of. */
export interface ExecutableMemory extends Mapping {
  readonly run: NativeFunction<Run>;
}

/**
 * Makes a function of machine code. The code is written into a file in memory and mapped from there:
 * no page is ever writable and executable, so that hardened kernels need not make an exception.
 * @throws SystemError when the machine does not let us
 */
export function mapCode(code: Uint8Array): ExecutableMemory {
  const fd = makeMemoryFile("tidemark-batch", "code");
  try {
    writeOnce(fd, code, "the code of the batch");
    const mapping = mapFileAsCode(fd, mappingSize, "the code of the batch");
    return { ...mapping, run: koffi.decode(mapping.address, runPrototype()) as NativeFunction<Run> };
  } finally {
    closeFd(fd);
  }
}
