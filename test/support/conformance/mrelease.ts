import type { Pid } from "#domain/units.ts";
import { errnoName } from "#native-bindings/errno.ts";
import { closeFd } from "#native-bindings/file.ts";
import { openPidfd } from "#native-bindings/pidfd.ts";
import { callKernel } from "#native-bindings/syscall.ts";
import type { SystemCallName } from "#native-bindings/syscall-numbers.ts";

/** What a system call says: its value, or the name of the errno. */
export function answerOf(call: SystemCallName, args: readonly number[]): string {
  const result = callKernel(call, args);
  return "value" in result ? String(result.value) : errnoName(result.errno);
}

/** What process_mrelease(2) says of a descriptor: 0, or the name of the errno. */
export const release = (pidfd: number, flags = 0): string => answerOf("process_mrelease", [pidfd, flags]);

/** What it says of a process. */
export function releaseOf(of: Pid): string {
  const pidfd = openPidfd(of);
  if (pidfd === undefined) return "nobody to open";
  try {
    return release(pidfd);
  } finally {
    closeFd(pidfd);
  }
}
