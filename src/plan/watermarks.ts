import type { Arc } from "#domain/arc.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, type Bytes, type KiB, kib, kibToGiB, least, mib, percent, percentOf, scale } from "#domain/units.ts";
import { ordinaryRam, userMemory } from "#engine/headroom.ts";
import type { Watermarks } from "#engine/watermarks.ts";
import { type Amount, resolveAmount } from "./amount.ts";

/** What a config has to know of the machine it will run on. */
export interface MachineFacts {
  /** Without the pools of huge pages. */
  readonly ram: KiB;
  /** The base of every share: available, anonymous and shared memory. */
  readonly userMemory: KiB;
  readonly swap: KiB;
  readonly pageSize: Bytes;
  readonly hasPressure: boolean;
}

/** The facts, from a look at the machine and what it is capable of. */
export const machineFacts = (
  { meminfo, arc }: { readonly meminfo: Meminfo; readonly arc: Arc | undefined },
  { pageSize, hasPressure }: Pick<MachineFacts, "pageSize" | "hasPressure">,
): MachineFacts => ({
  ram: ordinaryRam(meminfo),
  userMemory: userMemory(meminfo, { arc }),
  swap: meminfo.swapTotal,
  pageSize,
  hasPressure,
});

/** What watermarks are measured against: a machine, or the limit of a memcg. */
type Capacity = Pick<MachineFacts, "ram" | "userMemory">;

/** Watermarks as somebody wrote them. */
export type HeadroomMarks = Readonly<Record<keyof Watermarks, Amount>>;

/** low of a machine with 1 GiB; it grows with the square root. @see mm/page_alloc.c: calculate_min_free_kbytes */
const lowAtOneGiB = mib(100);
/** Small machines: the square root would call most of a 64 MiB machine scarce. */
const mostOfUserMemory = percent(20);

/** low where nobody says anything. */
export const autoLow = ({ ram, userMemory: shared }: Capacity): KiB =>
  kib(least(scale(lowAtOneGiB, Math.sqrt(kibToGiB(ram))), percentOf(mostOfUserMemory, shared)));

/**
 * Each watermark as a size. Those left to `auto` follow the others at min : low : high = 1 : 2 : 3,
 * so low between a given min and high is their middle. The order of given ones is not checked here.
 */
export function resolveWatermarks(headroom: HeadroomMarks, machine: Capacity): Watermarks {
  const [min, givenLow, high] = [headroom.min, headroom.low, headroom.high].map((each) =>
    resolveAmount(each, machine.userMemory),
  );
  const low = givenLow ?? lowBetween(min, high) ?? autoLow(machine);
  return { min: kib(min ?? scale(low, 1 / 2)), low: kib(low), high: kib(high ?? scale(low, 3 / 2)) };
}

function lowBetween(min: KiB | undefined, high: KiB | undefined): KiB | undefined {
  if (min !== undefined && high !== undefined) return scale(add(min, high), 1 / 2);
  if (min !== undefined) return scale(min, 2);
  return high === undefined ? undefined : scale(high, 2 / 3);
}
