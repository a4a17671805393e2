import { declareIfThere } from "./libc.ts";

/**
 * `v8::V8::SetFlagsFromString(const char *)`, which Node exports for addons, by the name it has in the C++ ABI of x86-64 and arm64.
 * node:v8 offers it too, and brings streams along: 0.4 MiB of heap.
 */
const setFlagsFromString = declareIfThere<(flags: string) => void>(
  "void _ZN2v82V818SetFlagsFromStringEPKc(const char *flags)",
);

/** Sets flags of V8 while it runs. Only for those that it asks for anew each time. Where Node keeps the function to itself, nothing changes. */
export const setV8Flags = (...flags: readonly string[]): void => setFlagsFromString()?.(flags.join(" "));
