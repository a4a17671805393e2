import type { FaultWait } from "#domain/alarm.ts";
import type { Pressure } from "#domain/pressure.ts";
import {
  atLeast,
  type KiB,
  kib,
  type Milliseconds,
  microseconds,
  microsecondsToMilliseconds,
  milliseconds,
  percent,
  scale,
} from "#domain/units.ts";
import type { Vmstat } from "#domain/vmstat.ts";
import { stalledShare } from "./stalled.ts";

/** Counters of who waits for disks, and of the page faults that took one. */
export const faultCounts = (
  { some, full }: Pressure,
  { majorFaults = 0 }: Vmstat,
): Readonly<Record<"ioSome" | "ioFull" | "majorFaults", number>> => ({
  ioSome: some.total,
  ioFull: full.total,
  majorFaults,
});

/**
 * How long page faults took within a window.
 * @param grown by how much the counters grew in it
 * @param slow from here on they are slow
 */
export function faultWait(
  { ioSome, majorFaults }: Readonly<Record<"ioSome" | "majorFaults", number>>,
  window: Milliseconds,
  slow: Milliseconds,
): FaultWait {
  const waited = microsecondsToMilliseconds(microseconds(ioSome));
  return {
    share: stalledShare(ioSome, window),
    perFault: majorFaults < 1 ? undefined : scale(waited, 1 / majorFaults),
    slow,
  };
}

/** Less than this share of the time nobody minds. */
const leastWait = percent(40);

/** Whether people wait because faults take that long: a swap in RAM is at no disk, and a disk that is only busy brings pages soon. */
export const isSlow = ({ share, perFault, slow }: FaultWait): boolean =>
  perFault !== undefined && atLeast(perFault, slow) && atLeast(share, leastWait);

/** A fault brings no more than this, as disks are shipped. @see v6.12 mm/filemap.c: do_sync_mmap_readahead; VM_READAHEAD_PAGES */
const mostPerFault = kib(128);

/** The most that so many faults brought. */
export const broughtByFaults = (majorFaults: number): KiB => scale(mostPerFault, majorFaults);

/** What makes a fault slow. */
export const slowFaultDefault = milliseconds(1.5);
