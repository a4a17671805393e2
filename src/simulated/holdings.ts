import { add, type KiB, kib, scale } from "#domain/units.ts";
import type { Mm, SimulatedProcess } from "./process.ts";
import { residentOf } from "./working-set.ts";

/** One entry of 8 bytes for each page of 4 KiB, resident or swapped. */
export const pageTableShare = 1 / 512;

/** Page tables of a process. */
export const pageTablesOf = ({ mm }: SimulatedProcess): KiB =>
  scale(add(add(anonOf(mm), swappedOf(mm)), filesOf(mm)), pageTableShare);

/** An address space, as far as its memory goes. */
type Holder = Pick<Mm, "sets" | "program">;

/** Anonymous memory of an address space that is resident. */
export function anonOf({ sets }: Holder): KiB {
  let total = kib(0);
  for (const set of sets) if (set.kind === "anon") total = add(total, residentOf(set));
  return total;
}

/** Anonymous memory of an address space that is in swap. */
export function swappedOf({ sets }: Holder): KiB {
  let total = kib(0);
  for (const set of sets) if (set.kind === "anon") total = add(total, set.evicted);
  return total;
}

/** Program text and files of an address space that are resident. */
export function filesOf({ sets, program }: Holder): KiB {
  let total = program === undefined ? kib(0) : residentOf(program.text);
  for (const set of sets) if (set.kind === "file") total = add(total, residentOf(set));
  return total;
}
