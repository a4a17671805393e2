import { readFileSync } from "node:fs";
import { canDiscardLocked } from "#native-bindings/madvise.ts";
import { lacksCapability } from "./needs.ts";

/** A mapping of a process, as far as it is in memory. */
export interface Held {
  readonly name: string;
  readonly residentKib: number;
  readonly isLocked: boolean;
}

/** What a process holds, mapping by mapping. @see fs/proc/task_mmu.c: show_smap_vma_flags */
export function heldBy(pid: number | "self"): readonly Held[] {
  const mappings = readFileSync(`/proc/${pid}/smaps`, "latin1").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  return mappings.flatMap((mapping) => {
    const [, name = ""] = /^(?:\S+ +){5}(.*)$/m.exec(mapping) ?? [];
    const residentKib = Number(/^Rss: +(\d+) kB$/m.exec(mapping)?.[1] ?? 0);
    return residentKib > 0 ? [{ name, residentKib, isLocked: /^VmFlags:.* lo\b/m.test(mapping) }] : [];
  });
}

/** What of a process the kernel could take away; not the code that it shares with every process. */
export const unlockedOf = (pid: number | "self"): readonly Held[] =>
  heldBy(pid).filter(({ name, isLocked }) => !isLocked && name !== "[vdso]");

/** Why not all of our memory can be locked here, for a `skip`. */
export const lacksWholeLock = (): string | false =>
  process.platform !== "linux"
    ? "needs a Linux kernel"
    : lacksCapability("CAP_IPC_LOCK") || (canDiscardLocked() ? false : "needs Linux 5.18, for MADV_DONTNEED_LOCKED");
