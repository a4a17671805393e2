import type { Pid } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import { callKernel } from "./syscall.ts";

/** linux/kcmp.h: KCMP_VM */
const kcmpVm = 1;

/**
 * Whether two processes use one and the same memory. Undefined: one of them has gone.
 * @throws SystemError EPERM without ptrace rights over both, ENOSYS without CONFIG_KCMP
 */
export function sharesMemory(a: Pid, b: Pid): boolean | undefined {
  const result = callKernel("kcmp", [a, b, kcmpVm, 0, 0]);
  if ("value" in result) return result.value === 0;
  if (errnoName(result.errno) === "ESRCH") return undefined;
  throw refusal("kcmp", result.errno, `pids ${a} and ${b}`);
}
