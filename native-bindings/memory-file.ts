import { errnoName, refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** linux/memfd.h */
const closeOnExec = 0x1;
const noExecSeal = 0x8;
const executable = 0x10;

const memfdCreate = declare<(name: string, flags: number) => number>(
  "int memfd_create(const char *name, unsigned int flags)",
);

/** Whether code is to be mapped from a file. Linux 6.3 and later want it to be said. */
export type MemoryFileUse = "text" | "code";

/** Makes a file that lies in memory and has no path; it is gone with the last descriptor, and does not survive exec by itself. @throws SystemError */
export function makeMemoryFile(name: string, use: MemoryFileUse): Fd {
  const fd = memfdCreate()(name, closeOnExec | (use === "code" ? executable : noExecSeal));
  if (fd >= 0) return fd as Fd;
  const errno = lastErrno();
  if (errnoName(errno) !== "EINVAL") throw refusal("memfd_create", errno, name);
  return makeBeforeLinux63(name);
}

function makeBeforeLinux63(name: string): Fd {
  const fd = memfdCreate()(name, closeOnExec);
  if (fd >= 0) return fd as Fd;
  throw refusal("memfd_create", lastErrno(), name);
}
