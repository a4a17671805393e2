import { readFileSync } from "node:fs";
import type { SystemFailure } from "#domain/system-error.ts";
import { bytes, bytesToKiB, type KiB, kib, kibToBytes, subtract } from "#domain/units.ts";
import { closeFd, type Fd, openFile, readAt } from "#native-bindings/file.ts";
import { discardPages, setDumped } from "#native-bindings/madvise.ts";
import { trimMalloc } from "#native-bindings/malloc.ts";
import { type MemoryRange, unlockAll } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { mapShared } from "#native-bindings/shared-memory.ts";
import { setV8Flags } from "#native-bindings/v8-flags.ts";
import { type SmapsMapping, visitSmaps } from "#procfs/smaps.ts";
import { crowdTimers } from "./crowd-timers.ts";
import { prepareDisproof } from "./disproof.ts";
import { lockAll, lockRanges } from "./lock-memory.ts";
import { findLockable, type Lockable } from "./lockable.ts";
import { countPresent, type Stretch, visitStretches } from "./page-map.ts";
import { findV8Memory } from "./v8-memory.ts";

/** What we hold in memory. */
export interface Holding {
  readonly resident: KiB;
  /** Of that: what stays there, whatever happens. */
  readonly locked: KiB;
}

/**
 * Our own memory, locked until this is disposed of. Files are known as they were mapped when this was made: code that is mapped later is
 * not given back.
 */
export interface OwnMemory extends Disposable {
  /**
   * Gives back what only the start needed: garbage, free memory of the C library, and the pages of files that are as they are on
   * disk. What is touched again comes back from the page cache; so this is followed by a
   * rehearsal, and by `lock`. From then on V8 optimizes no more: what was hot until then stays compiled, and its compilers, 4 MiB of
   * code, are not to be loaded when memory is short.
   */
  giveBack(): KiB;
  /**
   * Keeps in memory what is touched, now or later: all of it, or, where V8 does not bear that or the kernel does not allow it, what is a
   * file's, malloc's and the stack's. The answer is the first refusal, if there was one.
   */
  lock(): SystemFailure | undefined;
  measure(): Holding;
}

/** Nothing is compiled any more: what was hot until then stays compiled. */
export const compileNoMore = (): void => setV8Flags("--no-opt", "--no-sparkplug");

/** Pages of the heap are emptied as far as that goes. */
const whileGivingBack = ["--compact-on-every-full-gc"];
const whenLocked = ["--no-compact-on-every-full-gc"];

/** @throws SystemError, ParseError where our own memory cannot be read */
export function readOwnMemory(): OwnMemory {
  const code: SmapsMapping[] = [];
  const v8 = findV8Memory();
  visitMappings("smaps", (mapping) => {
    v8.note(mapping);
    if (isCleanFile(mapping)) code.push(mapping);
  });
  const { isReady, failure } = v8.prepareForLock();
  let lockable = findLockable();
  let isAll = false;
  let isSplit = false;
  const disprove = prepareDisproof();
  crowdTimers();

  const split = (): void => {
    if (!isSplit) visitStretches(code, splitIntoPages);
    isSplit = true;
  };

  return {
    giveBack() {
      const before = residentNow();
      compileNoMore();
      setV8Flags(...whileGivingBack);
      collectGarbage();
      split();
      for (const mapping of code) discardPages(mapping);
      return kib(Math.max(0, before - residentNow()));
    },
    lock() {
      // What is done below is done here as well for what it touches, as long as every page is a mapping.
      lockable = lockableNow();
      // The collector is to be there as well, and what V8 does where hot code meets what is new to it.
      collectGarbage();
      disprove();
      setV8Flags(...whenLocked);
      // What is there, and what is not, are mappings from now on, no longer every page: some hundred, which cost the kernel less.
      visitStretches(code, (stretch) => setDumped(stretch, stretch.isPresent));
      const refusal = isReady ? lockAll() : failure;
      isAll = isReady && refusal === undefined;
      if (isAll) return undefined;
      lockable = lockableNow();
      const refusalOfSome = lockRanges(lockable.ranges());
      return refusal ?? refusalOfSome;
    },
    measure() {
      const resident = residentNow();
      const { ranges, shared } = lockable;
      return { resident, locked: isAll ? subtract(resident, presentIn(shared())) : presentIn(ranges()) };
    },
    [Symbol.dispose]: unlockAll,
  };
}

/** What is free then is given back. The collector can be called because the daemon is started so. */
function collectGarbage(): void {
  globalThis.gc?.();
  trimMalloc();
}

/**
 * The kernel brings up to 64 KiB along with each page of a file that is touched, but never from another mapping: every second page
 * becomes one of its own. @see mm/memory.c: do_fault_around
 */
function splitIntoPages({ start, size, isPresent }: Stretch): void {
  const page = pageSize();
  if (!isPresent) return;
  for (let offset = 0; offset < size; offset += 2 * page) {
    setDumped({ start: start + BigInt(offset), size: page }, false);
  }
}

function lockableNow(): Lockable {
  const lockable = findLockable();
  visitMappings("maps", lockable.note);
  return lockable;
}

const presentIn = (ranges: readonly MemoryRange[]): KiB => bytesToKiB(bytes(countPresent(ranges) * pageSize()));

const isCleanFile = ({ name, isWritable, unsaved }: SmapsMapping): boolean =>
  name?.startsWith("/") === true && !isWritable && unsaved === 0;

/** Counted page by page: what statm and status say is as much as 1 MiB behind on two processors. */
const residentNow = (): KiB =>
  kib(Number(/^Rss:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/smaps_rollup", "latin1"))?.[1] ?? 0));

/** Some 250 mappings with 23 lines each before they are split; one line each for 10,000 after. */
const roomFor = kibToBytes(kib(1024));

/** `maps` has no more than where mappings lie. */
function visitMappings(file: "smaps" | "maps", visit: (mapping: SmapsMapping) => void): void {
  // Given back at once: what a collection is needed for stays as long as there is none.
  using memory = mapShared(roomFor);
  const buffer = new Uint8Array(memory.buffer);
  const fd = openFile(`/proc/self/${file}`);
  try {
    visitSmaps(buffer.subarray(0, readAll(fd, buffer)), visit);
  } finally {
    closeFd(fd);
  }
}

function readAll(fd: Fd, buffer: Uint8Array): number {
  let size = 0;
  while (size < buffer.length) {
    const more = readAt(fd, buffer.subarray(size), size);
    if (more === 0) return size;
    size += more;
  }
  // A line that is cut off would be damage.
  return buffer.lastIndexOf(newLine, size - 1) + 1;
}

const newLine = 0x0a;
