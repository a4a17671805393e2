import { add, type KiB, least, lessened, type Milliseconds, milliseconds, scale } from "#domain/units.ts";
import type { SettledScenario, SwapScript } from "./scenario.ts";
import { waterLevel } from "./water-level.ts";

/** One disk within the step under way: what it can do is time. */
export interface Disk {
  readonly perSecond: KiB;
  readonly latency: Milliseconds;
  /** Time each of its readers asks for. */
  readonly asked: Milliseconds[];
  /** The most that one reader gets. */
  level: number;
  /** Time for reads in this step. */
  forReaders: Milliseconds;
  /** Time that is left for writers. */
  left: Milliseconds;
  /** Time writers wanted in this step, be it granted or not. In the next one it is set aside for them. */
  wantedByWriters: Milliseconds;
}

/** The disks of a machine: one for the files and for all swap that has none of its own. */
export interface Disks {
  readonly files: Disk;
  readonly all: readonly Disk[];
  readonly swap: ReadonlyMap<SwapScript, Disk>;
}

/** Readers leave as much to writers, if those have anything to write: schedulers starve neither. */
const keptForWriters = 1 / 2;

/** The disks of a scenario. */
export function makeDisks({ diskPerSecond, diskLatency, swaps }: SettledScenario): Disks {
  const files = makeDisk(diskPerSecond, diskLatency);
  const swap = new Map<SwapScript, Disk>();
  for (const script of swaps) {
    if (script.kind !== "disk") continue;
    swap.set(script, script.perSecond === undefined ? files : makeDisk(script.perSecond, diskLatency));
  }
  return { files, swap, all: [...new Set([files, ...swap.values()])] };
}

const makeDisk = (perSecond: KiB, latency: Milliseconds): Disk => ({
  perSecond,
  latency,
  asked: [],
  level: 0,
  forReaders: milliseconds(0),
  left: milliseconds(0),
  wantedByWriters: milliseconds(0),
});

/** Begins a step. */
export function beginDisks({ all }: Disks, span: Milliseconds): void {
  for (const disk of all) {
    disk.asked.length = 0;
    disk.forReaders = lessened(span, scale(least(disk.wantedByWriters, span), keptForWriters));
    disk.wantedByWriters = milliseconds(0);
    disk.left = span;
  }
}

/** Asks to read, in pieces that each cost the latency. Returns the time it takes with the disk to oneself. */
export function askToRead(disk: Disk, amount: KiB, { pieces }: { readonly pieces: number }): Milliseconds {
  const time = add(timeFor(disk, amount), scale(disk.latency, pieces));
  disk.asked.push(time);
  return time;
}

const timeFor = ({ perSecond }: Disk, amount: KiB): Milliseconds => milliseconds((amount / perSecond) * 1000);

/** All have asked: settles who gets how much. What readers leave is for writers. */
export function settleReads({ all }: Disks): void {
  for (const disk of all) {
    disk.level = waterLevel(disk.asked, disk.forReaders);
    let total = milliseconds(0);
    for (const time of disk.asked) total = add(total, time);
    disk.left = lessened(disk.left, least(total, disk.forReaders));
  }
}

/** The share of a read that is done in this step, and the share of the step it is waited for. */
export function readShare(
  { level, asked, forReaders }: Disk,
  own: Milliseconds,
): { readonly done: number; readonly waited: number } {
  if (own === 0) return { done: 1, waited: 0 };
  if (own > level) return { done: level / own, waited: 1 };
  if (level < Number.POSITIVE_INFINITY) return { done: 1, waited: own / level };
  let others = 0;
  for (const time of asked) others += time;
  // In its turn among the others; they leave enough for all of it.
  return { done: 1, waited: Math.min(1, own / Math.max(own, forReaders - (others - own))) };
}

/** How much could still be written to it in this step. */
export const writableOn = ({ perSecond, left }: Disk): KiB => scale(perSecond, left / 1000);

/** Somebody would write so much more if there were time. */
export function wantToWrite(disk: Disk, amount: KiB): void {
  disk.wantedByWriters = add(disk.wantedByWriters, timeFor(disk, amount));
}

/** Writes, as far as there is time. Returns what was written. */
export function write(disk: Disk, amount: KiB): KiB {
  const written = least(amount, writableOn(disk));
  disk.left = lessened(disk.left, timeFor(disk, written));
  disk.wantedByWriters = add(disk.wantedByWriters, timeFor(disk, amount));
  return written;
}
