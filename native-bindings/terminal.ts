import { declare } from "./libc.ts";

const isatty = declare<(fd: number) => number>("int isatty(int fd)");

/** Whether a descriptor is of a terminal. node:tty knows it too, and brings sockets and streams along: 0.2 MiB of heap. */
export const isTerminal = (fd: number): boolean => isatty()(fd) === 1;
