import {
  add,
  type Bytes,
  greatest,
  type KiB,
  kib,
  kibToPages,
  least,
  lessened,
  mib,
  pagesToKiB,
  scale,
} from "#domain/units.ts";

/** One zone of the one node this machine has, with its watermarks. @see Documentation/mm/physical_memory.rst */
export interface Zone {
  readonly name: "DMA" | "DMA32" | "Normal";
  readonly index: number;
  readonly managed: KiB;
  readonly min: KiB;
  readonly low: KiB;
  readonly high: KiB;
  /** lowmem_reserve: what it keeps back from requests that could use a higher zone, for DMA, DMA32, Normal, Movable, Device. */
  readonly protection: readonly KiB[];
}

/** Watermarks of the whole machine, as an ordinary allocation meets them: with what every zone keeps back from it. */
export interface Watermarks {
  readonly min: KiB;
  readonly low: KiB;
  readonly high: KiB;
}

/** What firmware leaves of the first 16 MiB and of the first 4 GiB: 3,840 and 772,915 managed pages of a live zoneinfo (x86-64). */
const zoneSizes = [
  { name: "DMA", most: mib(15) },
  { name: "DMA32", most: kib(3_091_660) },
  { name: "Normal", most: kib(Number.MAX_SAFE_INTEGER) },
] as const;

/** sysctl_lowmem_reserve_ratio of DMA and DMA32; the highest zone has nobody to be kept from. */
const reserveRatio = 256;
const zonesListed = 5;
/** vm.watermark_scale_factor, in parts of 10,000. */
const watermarkScaleFactor = 10;

/** Pageblocks of 2 MiB: what khugepaged wants free in each zone so that huge pages can be found. @see mm/khugepaged.c: set_recommended_min_free_kbytes */
const hugePageReserve = mib(22);

/** `min_free_kbytes` as the kernel chooses it where huge pages are on, as they are everywhere. @see mm/page_alloc.c: calculate_min_free_kbytes */
export function chosenMinFree(ram: KiB): KiB {
  const bySize = kib(Math.min(262_144, Math.max(128, Math.sqrt(ram * 16))));
  const forHugePages = least(scale(hugePageReserve, sizesOf(ram).length), scale(ram, 1 / 20));
  return kib(greatest(bySize, forHugePages));
}

function sizesOf(ram: KiB): readonly { readonly name: Zone["name"]; readonly managed: KiB }[] {
  let left = ram;
  return zoneSizes.flatMap(({ name, most }) => {
    const managed = least(left, most);
    left = lessened(left, managed);
    return managed > 0 ? [{ name, managed }] : [];
  });
}

/** The zones of a machine, all in whole pages. @see mm/page_alloc.c: __setup_per_zone_wmarks, setup_per_zone_lowmem_reserve */
export function zonesOf(ram: KiB, minFree: KiB, pageSize: Bytes): readonly Zone[] {
  const cut = (amount: KiB): KiB => pagesToKiB(kibToPages(amount, pageSize), pageSize);
  const sizes = sizesOf(ram);
  return sizes.map(({ name, managed }, index) => {
    // Multiplied before it is divided, as the kernel does: nothing is lost but what is cut off.
    const min = cut(scale(scale(cut(minFree), managed), 1 / ram));
    const step = greatest(cut(scale(min, 1 / 4)), cut(scale(scale(managed, watermarkScaleFactor), 1 / 10_000)));
    const low = add(min, step);
    const protection = Array.from({ length: zonesListed }, (_, wanted) => {
      const above = sizes.slice(index + 1, wanted + 1).reduce((total, higher) => add(total, higher.managed), kib(0));
      return cut(scale(above, 1 / reserveRatio));
    });
    return { name, index, managed, min, low, high: add(low, step), protection };
  });
}

const keptFrom = ({ protection }: Zone): KiB => protection.at(-1) ?? kib(0);

/** What of a zone an ordinary allocation finds kept back below a watermark. */
const markOf = (zone: Zone, mark: keyof Watermarks): KiB => least(zone.managed, add(zone[mark], keptFrom(zone)));

/** An allocation succeeds while any zone is above its mark: all of them are at theirs when the machine is. */
export function watermarksOf(zones: readonly Zone[]): Watermarks {
  const total = (mark: keyof Watermarks) => zones.reduce((sum, zone) => add(sum, markOf(zone, mark)), kib(0));
  return { min: total("min"), low: total("low"), high: total("high") };
}

/**
 * How free memory is spread: the highest zone is used first down to its low mark, then the ones below it; then all down
 * to min, and the rest as reserves are used. Σ is what was given.
 */
export function spreadFree(zones: readonly Zone[], free: KiB): readonly KiB[] {
  let taken = lessened(
    zones.reduce((sum, { managed }) => add(sum, managed), kib(0)),
    free,
  );
  const left = zones.map(({ managed }) => managed);
  const drawDown = (index: number, floor: KiB) => {
    const drawn = least(taken, lessened(left[index] ?? kib(0), floor));
    left[index] = lessened(left[index] ?? kib(0), drawn);
    taken = lessened(taken, drawn);
  };
  for (const floorOf of [(zone: Zone) => markOf(zone, "low"), (zone: Zone) => markOf(zone, "min"), () => kib(0)]) {
    for (const zone of zones.toReversed()) drawDown(zone.index, floorOf(zone));
  }
  return left;
}
