import {
  bytes,
  type KiB,
  kib,
  type Microseconds,
  type Milliseconds,
  microseconds,
  pages,
  pagesToKiB,
} from "#domain/units.ts";

/** What a stage read of `/proc` at one time. */
export interface MemorySample {
  readonly at: Milliseconds;
  readonly available: KiB;
  readonly swapFree: KiB;
  /** AnonPages. */
  readonly anon: KiB;
  readonly free: KiB;
  /** Active(file) and Inactive(file). */
  readonly files: KiB;
  /** Growth of PSI since the guest's boot; 0 where its kernel tells none. */
  readonly some: Microseconds;
  readonly full: Microseconds;
  /** Since the guest's boot. */
  readonly fileRefaults: KiB;
  readonly anonRefaults: KiB;
}

/** Guests are x86-64. */
const pageSize = bytes(4096);

/** Reads what `guest/stage.pl` notes of memory, after the time. A kernel that lacks a figure has a dash for it. */
export function memorySample(at: Milliseconds, fields: readonly string[]): MemorySample {
  const told = (place: number): number => {
    const figure = Number(fields[place]);
    return Number.isFinite(figure) ? figure : 0;
  };
  const size = (place: number): KiB => kib(told(place));
  const refaults = (place: number): KiB => pagesToKiB(pages(told(place)), pageSize);
  // 4 is oom_kill, 7 is the time that all waited for disks, 9 are the refaults that the kernel takes for thrashing.
  return {
    at,
    available: size(0),
    swapFree: size(1),
    anon: size(2),
    free: size(3),
    some: microseconds(told(5)),
    full: microseconds(told(6)),
    fileRefaults: refaults(8),
    anonRefaults: refaults(10),
    files: size(11),
  };
}
