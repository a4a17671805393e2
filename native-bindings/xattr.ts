import { errnoName, refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";

const getxattr = declare<(path: string, name: string, value: Uint8Array, size: number) => number>(
  "intptr_t getxattr(const char *path, const char *name, void *value, size_t size)",
);

const setxattr = declare<(path: string, name: string, value: Uint8Array, size: number, flags: number) => number>(
  "int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)",
);

/** Values that are flags or counters fit; a longer one is neither. */
const most = 64;

/**
 * An attribute of a file that whoever made it may set. Undefined: it is not set, it is longer than 64 bytes, or the file system
 * has none. `trusted.` attributes are seen with CAP_SYS_ADMIN only.
 * @throws SystemError
 */
export function readXattr(path: string, name: string): string | undefined {
  const value = new Uint8Array(most);
  const size = getxattr()(path, name, value, most);
  if (size >= 0) return new TextDecoder().decode(value.subarray(0, size));
  const errno = lastErrno();
  if (["ENODATA", "EOPNOTSUPP", "ERANGE"].includes(errnoName(errno))) return undefined;
  throw refusal("getxattr", errno, `${name} of ${path}`);
}

/** Sets an attribute of a file. @throws SystemError */
export function writeXattr(path: string, name: string, value: string): void {
  const bytes = new TextEncoder().encode(value);
  if (setxattr()(path, name, bytes, bytes.length, 0) !== 0) {
    throw refusal("setxattr", lastErrno(), `${name} of ${path}`);
  }
}
