import { type Bytes, bytes } from "#domain/units.ts";
import { declare } from "./libc.ts";

const getpagesize = declare<() => number>("int getpagesize(void)");

/** The size of a page of this machine: 4 KiB, or 16 or 64 KiB on some arm64. */
export const pageSize = (): Bytes => bytes(getpagesize()());
