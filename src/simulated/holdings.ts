import { add, type KiB, kib, scale } from "#domain/units.ts";
import type { Mm, SimulatedProcess } from "./process.ts";
import { residentOf } from "./working-set.ts";

const nothing = kib(0);

/** One entry of 8 bytes for each page of 4 KiB, resident or swapped. */
export const pageTableShare = 1 / 512;

/** Page tables of a process. */
export const pageTablesOf = ({ mm }: SimulatedProcess): KiB =>
  scale(add(add(anonOf(mm), swappedOf(mm)), filesOf(mm)), pageTableShare);

/** An address space, as far as its memory goes. */
type Holder = Pick<Mm, "sets" | "program">;

/** Anonymous memory of an address space that is resident. */
export function anonOf({ sets }: Holder): KiB {
  let total = nothing;
  for (const set of sets) if (set.kind === "anon") total = add(total, residentOf(set));
  return total;
}

/** Anonymous memory of an address space that is in swap. */
export function swappedOf({ sets }: Holder): KiB {
  let total = nothing;
  for (const set of sets) if (set.kind === "anon") total = add(total, set.evicted);
  return total;
}

/** Program text and files of an address space that are resident. */
export function filesOf({ sets, program }: Holder): KiB {
  let total = program === undefined ? nothing : residentOf(program.text);
  for (const set of sets) if (set.kind === "file") total = add(total, residentOf(set));
  return total;
}

/** All that is charged to an address space when the kernel looks for a victim: resident, swapped, and its page tables. @see mm/oom_kill.c: oom_badness */
export function chargeOf({ sets, program }: Holder): KiB {
  let [anon, swapped, files] = [nothing, nothing, program === undefined ? nothing : residentOf(program.text)];
  for (const set of sets) {
    if (set.kind === "file") {
      files = add(files, residentOf(set));
    } else {
      anon = add(anon, residentOf(set));
      swapped = add(swapped, set.evicted);
    }
  }
  return add(add(add(anon, files), swapped), scale(add(add(anon, swapped), files), pageTableShare));
}
