import { add, type KiB, kib, least, ratio, scale, subtract } from "#domain/units.ts";

/**
 * Pages of one use on the lists that reclaim works on: the hot memory of a process, its program text, a cache. Amounts of
 * them, not pages: what a page would remember (was it used, when was it evicted) is a share of the whole.
 */
export interface WorkingSet {
  readonly kind: "anon" | "shmem" | "file";
  /** Executable pages of files: reclaim lets those that were used stay active. @see mm/vmscan.c: shrink_active_list */
  readonly isText: boolean;
  /** How much of it is gone through in a second, at random. */
  touchesPerSecond: KiB;
  active: KiB;
  inactive: KiB;
  /** Of a file: changed, and not written back. */
  dirty: KiB;
  /** In swap, or of a file known by its shadow: it was there, and will be missed. */
  evicted: KiB;
  /** How far reclaim had come when it was evicted, on average. @see mm/workingset.c: nonresident_age */
  evictedAt: KiB;
  /** Of a file: never read so far. */
  unread: KiB;
}

/** A set of which nothing is there yet. */
export const emptySet = (kind: WorkingSet["kind"], touchesPerSecond: KiB = kib(0), isText = false): WorkingSet => ({
  kind,
  isText,
  touchesPerSecond,
  active: kib(0),
  inactive: kib(0),
  dirty: kib(0),
  evicted: kib(0),
  evictedAt: kib(0),
  unread: kib(0),
});

/** What of it is in memory. */
export const residentOf = ({ active, inactive }: WorkingSet): KiB => add(active, inactive);

/** What of it is missed when it is gone through. */
export const missingOf = ({ evicted, unread }: WorkingSet): KiB => add(evicted, unread);

/** All of it, wherever it is. */
export const sizeOf = (set: WorkingSet): KiB => add(residentOf(set), missingOf(set));

/** A set that misses less than this share is complete: nobody notices a few pages. */
const noticeable = 1 / 1000;

/** How much is missed by whoever touches so much of it: as many of these pages as are missing in the whole. */
export function missedBy(set: WorkingSet, touched: KiB): KiB {
  const missing = missingOf(set);
  if (missing === 0 || touched === 0) return kib(0);
  const size = sizeOf(set);
  return missing < size * noticeable ? missing : least(missing, scale(touched, missing / size));
}

/** The share of it that was used within so many seconds. */
export function usedWithin(set: WorkingSet, seconds: number): number {
  if (set.touchesPerSecond === 0) return 0;
  return 1 - Math.exp(-ratio(set.touchesPerSecond, sizeOf(set)) * seconds);
}

/** Notes that so much was evicted when reclaim had come so far. */
export function noteEvicted(set: WorkingSet, amount: KiB, age: KiB): void {
  const evicted = add(set.evicted, amount);
  if (evicted === 0) return;
  set.evictedAt = scale(add(scale(set.evictedAt, set.evicted), scale(age, amount)), 1 / evicted);
  set.evicted = evicted;
}

/** Takes resident pages out of it: those nobody used first. Returns what was taken. */
export function dropResident(set: WorkingSet, amount: KiB): KiB {
  const inactive = least(set.inactive, amount);
  const active = least(set.active, subtract(amount, inactive));
  set.inactive = subtract(set.inactive, inactive);
  set.active = subtract(set.active, active);
  set.dirty = least(set.dirty, residentOf(set));
  return add(inactive, active);
}

/** Leaves only a share of it, wherever it is. */
export function shrinkTo(set: WorkingSet, kept: number): void {
  set.active = scale(set.active, kept);
  set.inactive = scale(set.inactive, kept);
  set.dirty = scale(set.dirty, kept);
  set.evicted = scale(set.evicted, kept);
}

/** Evicts all of it: caches are cold. */
export function evictAll(set: WorkingSet, age: KiB): void {
  noteEvicted(set, residentOf(set), age);
  set.active = kib(0);
  set.inactive = kib(0);
  set.dirty = kib(0);
}

/** Brings missing pages back. Returns what of them had been there before. */
export function faultIn(set: WorkingSet, amount: KiB, onto: "active" | "inactive"): KiB {
  const missing = missingOf(set);
  if (missing === 0) return kib(0);
  const part = Math.min(1, amount / missing);
  const again = scale(set.evicted, part);
  const first = scale(set.unread, part);
  set.evicted = subtract(set.evicted, again);
  set.unread = subtract(set.unread, first);
  set[onto] = add(set[onto], again);
  // What is read for the first time begins on the inactive list, used again or not.
  set.inactive = add(set.inactive, first);
  return again;
}
