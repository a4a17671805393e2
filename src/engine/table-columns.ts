import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { add, type KiB, kib } from "#domain/units.ts";
import { type ChildrenOf, indexByParent, indexByPid, type PlaceByPid } from "./by-pid.ts";
import { type FamilyName, nameFamilies } from "./family.ts";
import { onceFor } from "./once-for.ts";

/** What is asked of thousands of processes, in arrays of numbers: the engine below searches one in 5 µs, and needs no warm-up. */
export interface TableColumns {
  readonly placeOf: PlaceByPid;
  readonly childrenOf: ChildrenOf;
  /** 0 where there is none. */
  readonly parents: Int32Array;
  /** The size of the address space, in KiB; 0 where there is no memory. */
  readonly virtuals: Float64Array;
  /** What the members of each family hold together. */
  readonly held: ReadonlyMap<FamilyName, KiB>;
}

/** Makes the columns of a list while there is time: of ten thousand processes that takes 60 ms, and a decision about them has two. */
export const prepareColumns = (processes: readonly ProcessFacts[]): void => void columnsOf(processes);

/** The columns of a list of processes. */
export const columnsOf: (processes: readonly ProcessFacts[]) => TableColumns = onceFor(
  (processes: readonly ProcessFacts[]): TableColumns => {
    const familyOf = nameFamilies(processes);
    const held = new Map<FamilyName, KiB>();
    const parents = new Int32Array(processes.length);
    const virtuals = new Float64Array(processes.length);
    for (const [at, process] of processes.entries()) {
      parents[at] = process.parent ?? 0;
      if (process.memory === undefined) continue;
      virtuals[at] = process.memory.virtual;
      const family = familyOf(process);
      held.set(family, add(held.get(family) ?? kib(0), returnsOf(process.memory)));
    }
    return { placeOf: indexByPid(processes), childrenOf: indexByParent(processes), parents, virtuals, held };
  },
);

/** What is looked for on both sides of a place. */
export interface Nearness {
  readonly at: number;
  /** On each side. */
  readonly most: number;
  readonly isWanted: (place: number) => boolean;
}

/** The nearest places below and above one at which a column has a value, in no order. */
export function placesNear(
  column: Int32Array | Float64Array,
  value: number,
  { at, most, isWanted }: Nearness,
): readonly number[] {
  const below: number[] = [];
  for (let place = at; place > 0 && below.length < most; ) {
    place = column.lastIndexOf(value, place - 1);
    if (place >= 0 && isWanted(place)) below.push(place);
  }
  const above: number[] = [];
  for (let place = column.indexOf(value, at + 1); place >= 0 && above.length < most; ) {
    if (isWanted(place)) above.push(place);
    place = column.indexOf(value, place + 1);
  }
  return [...below, ...above];
}
