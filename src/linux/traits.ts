import type { Identity } from "#domain/identity.ts";
import type { ProcessTraits } from "#domain/process.ts";
import type { CgroupPath } from "#domain/units.ts";
import { parseCgroup } from "#procfs/cgroup.ts";
import { parseCmdline } from "#procfs/cmdline.ts";
import { failureOf, isDenied } from "./failure.ts";
import type { ProcessFiles } from "./process-files.ts";

/**
 * Reads the traits of a process. In a hurry (not `mayHang`) without its arguments: fs/proc/base.c, get_mm_cmdline() takes
 * mmap_lock, which a victim in trouble may hold for long.
 */
export const readTraits = (files: ProcessFiles, { pid }: Identity, mayHang: boolean): ProcessTraits => ({
  exe: files.readExe(pid),
  cgroup: unlessDenied((): CgroupPath | undefined => files.read(pid, "cgroup", parseCgroup)),
  cmdline: mayHang ? unlessDenied((): string | undefined => files.read(pid, "cmdline", parseCmdline)) : undefined,
});

function unlessDenied<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDenied(failureOf(error, "a trait"))) return undefined;
    throw error;
  }
}
