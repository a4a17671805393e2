import { readFileSync } from "node:fs";
import { canDiscardLocked } from "#native-bindings/madvise.ts";
import { lacksCapability } from "./needs.ts";

/** A mapping that holds memory which is not locked. */
export interface Unlocked {
  readonly name: string;
  readonly residentKib: number;
}

/** What of a process the kernel could take away; not the code that it shares with every process. @see fs/proc/task_mmu.c: show_smap_vma_flags */
export function unlockedOf(pid: number | "self"): readonly Unlocked[] {
  const mappings = readFileSync(`/proc/${pid}/smaps`, "latin1").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  return mappings.flatMap((mapping) => {
    const [, name = ""] = /^(?:\S+ +){5}(.*)$/m.exec(mapping) ?? [];
    const [, rss = "0"] = /^Rss: +(\d+) kB$/m.exec(mapping) ?? [];
    const isLocked = /^VmFlags:.* lo\b/m.test(mapping);
    return isLocked || rss === "0" || name === "[vdso]" ? [] : [{ name, residentKib: Number(rss) }];
  });
}

/** Why not all of our memory can be locked here, for a `skip`. */
export const lacksWholeLock = (): string | false =>
  process.platform !== "linux"
    ? "needs a Linux kernel"
    : lacksCapability("CAP_IPC_LOCK") || (canDiscardLocked() ? false : "needs Linux 5.18, for MADV_DONTNEED_LOCKED");
