import { readFileSync } from "node:fs";
import type { SystemFailure } from "#domain/system-error.ts";
import { bytes, bytesToKiB, type KiB, kib, kibToBytes } from "#domain/units.ts";
import { closeFd, type Fd, openFile, readAt } from "#native-bindings/file.ts";
import { discardPages, splitMapping } from "#native-bindings/madvise.ts";
import { heapEnd, lockOnFault } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { type SmapsMapping, visitSmaps } from "#procfs/smaps.ts";
import { failureOf } from "./failure.ts";
import { countPresent, presentWindows } from "./page-map.ts";

/** What we hold in memory. */
export interface Holding {
  readonly resident: KiB;
  /** Of that: what stays there, whatever happens. */
  readonly locked: KiB;
}

/** Our own memory, as it lay when this was made: code that is mapped later is left alone. */
export interface OwnMemory {
  /**
   * Gives back the pages of files that are as they are on disk: code and constants that only the start needed. What is touched again
   * comes back from the page cache; so this is followed by a rehearsal, and by `lock`.
   */
  giveBack(): KiB;
  /**
   * Keeps in memory what is touched, mapping by mapping, and never V8's own memory: it dies ("Check failed: 0 == ret" in
   * OS::SetPermissions) when its collector frees a code page that is locked, with mlockall on every release from Node 20 to 26.
   * Swap is kept from that memory by MemorySwapMax=0 of the unit. The answer is the first refusal, if there was one.
   */
  lock(): SystemFailure | undefined;
  measure(): Holding;
}

/** The kernel brings 64 KiB along with each page of code that is touched, but never from another mapping. @see mm/memory.c: do_fault_around */
const faultAround = kibToBytes(kib(64));
const piece = kibToBytes(kib(8));

/** @throws SystemError, ParseError where our own memory cannot be read */
export function readOwnMemory(): OwnMemory {
  const mappings = readMappings();
  const code = mappings.filter(isCleanFile);
  const lockable = mappings.filter(isLockable);
  let isSplit = false;

  /** So that what is brought along is less: pieces are told apart by a flag that means nothing else here. */
  const split = (): void => {
    if (isSplit) return;
    isSplit = true;
    for (const mapping of code) {
      for (const window of presentWindows(mapping, faultAround)) splitMapping(window, piece);
    }
  };

  return {
    giveBack() {
      const before = residentNow();
      split();
      for (const mapping of code) discardPages(mapping);
      return kib(Math.max(0, before - residentNow()));
    },
    lock: () => lockAll(lockable.map(asItIsNow)),
    measure: () => ({
      resident: residentNow(),
      locked: bytesToKiB(bytes(countPresent(lockable.map(asItIsNow)) * pageSize())),
    }),
  };
}

function lockAll(ranges: readonly SmapsMapping[]): SystemFailure | undefined {
  let first: SystemFailure | undefined;
  for (const mapping of ranges) {
    try {
      lockOnFault(mapping);
    } catch (error) {
      first ??= failureOf(error, mapping.name ?? "memory");
    }
  }
  return first;
}

const isFile = ({ name }: SmapsMapping): boolean => name?.startsWith("/") ?? false;

const isCleanFile = (mapping: SmapsMapping): boolean => isFile(mapping) && !mapping.isWritable && mapping.unsaved === 0;

const isLockable = (mapping: SmapsMapping): boolean =>
  isFile(mapping) || mapping.name === "[heap]" || mapping.name === "[stack]";

/** The heap of the C library grows and shrinks at its end; all else stays where it was. */
const asItIsNow = (mapping: SmapsMapping): SmapsMapping =>
  mapping.name === "[heap]" ? { ...mapping, size: Number(heapEnd() - mapping.start) } : mapping;

/** Counted page by page: what statm and status say is as much as 1 MiB behind on two processors. */
const residentNow = (): KiB =>
  kib(Number(/^Rss:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/smaps_rollup", "latin1"))?.[1] ?? 0));

/** Some 250 mappings with 23 lines each, before they are split. */
const roomFor = kibToBytes(kib(512));

function readMappings(): readonly SmapsMapping[] {
  const mappings: SmapsMapping[] = [];
  // Outside of V8's heap, which would keep its pages.
  const buffer = new Uint8Array(new ArrayBuffer(roomFor));
  const fd = openFile("/proc/self/smaps");
  try {
    visitSmaps(buffer.subarray(0, readAll(fd, buffer)), (mapping) => mappings.push(mapping));
  } finally {
    closeFd(fd);
  }
  return mappings;
}

function readAll(fd: Fd, buffer: Uint8Array): number {
  let size = 0;
  for (;;) {
    const more = readAt(fd, buffer.subarray(size), size);
    if (more === 0) return size;
    size += more;
  }
}
