import { declareIfThere } from "./libc.ts";

/** musl has no such call. */
const mallocTrim = declareIfThere<(pad: number) => number>("int malloc_trim(size_t pad)");

/** Gives back what the C library holds and nobody uses: V8's compiler leaves 2 MiB behind. */
export const trimMalloc = (): void => void mallocTrim()?.(0);
