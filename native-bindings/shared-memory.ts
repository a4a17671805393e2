import koffi from "koffi";
import { type Mapping, mapZeros } from "./mmap.ts";

/** Memory at an address that never changes, which threads of ours may use while V8 knows nothing of it. */
export interface SharedMemory extends Mapping {
  readonly buffer: ArrayBuffer;
}

/** Zeros of that size, outside V8's heap, until they are disposed of: whoever uses them later is ended by the kernel. @throws SystemError */
export function mapShared(size: number): SharedMemory {
  const mapping = mapZeros(size);
  return { ...mapping, buffer: koffi.view(mapping.address, size) };
}
