/** What a request allowed, in words. */
export interface GfpReading {
  /** What the memory was for. */
  readonly purpose: string;
  /** Further promises and demands. */
  readonly conditions: readonly string[];
}

type Words = readonly (readonly [flag: string, words: string])[];

/** The first one that is there names the purpose. @see include/linux/gfp_types.h, include/trace/events/mmflags.h */
const purposes: Words = [
  ["GFP_TRANSHUGE", "a huge page for a process"],
  ["GFP_HIGHUSER_MOVABLE", "memory of a process"],
  ["GFP_HIGHUSER", "memory of a process"],
  ["GFP_USER", "memory for a process that the kernel must reach too"],
  ["GFP_TEMPORARY", "memory of the kernel, for a moment"],
  ["GFP_KERNEL_ACCOUNT", "memory of the kernel, charged to a cgroup"],
  ["GFP_KERNEL", "memory of the kernel"],
  ["GFP_NOFS", "memory of the kernel, asked for inside a file system"],
  ["GFP_NOIO", "memory of the kernel, asked for on the way to a disk"],
  ["GFP_ATOMIC", "memory of the kernel, without waiting"],
  ["GFP_NOWAIT", "memory of the kernel, without waiting"],
];

const conditions: Words = [
  ["__GFP_ZERO", "zeroed"],
  ["__GFP_COMP", "in one piece"],
  ["__GFP_THISNODE", "on this NUMA node only"],
  ["__GFP_NOFAIL", "must not fail"],
  ["__GFP_ACCOUNT", "charged to the cgroup"],
  ["GFP_DMA32", "below 4 GiB"],
  ["GFP_DMA", "below 16 MiB"],
  ["__GFP_WRITE", "to be written soon"],
];

/** Bits up to Linux 4.5, which printed a number only. */
const oldBits = { wait: 0x10, io: 0x40, fs: 0x80, cold: 0x100, comp: 0x4000, zero: 0x8000, hardwall: 0x20000 } as const;

type OldBit = keyof typeof oldBits;

/** The first that fits: bits that must be set, and bits that must not. */
const oldPurposes: readonly (readonly [set: readonly OldBit[], clear: readonly OldBit[], words: string])[] = [
  [["hardwall", "cold"], [], "a page of a file"],
  [["hardwall"], [], "memory of a process"],
  [[], ["wait"], "memory of the kernel, without waiting"],
  [[], ["io"], "memory of the kernel, asked for on the way to a disk"],
  [[], ["fs"], "memory of the kernel, asked for inside a file system"],
  [[], [], "memory of the kernel"],
];

/** A page fault that ends here has no mask. */
const pageFault: GfpReading = { purpose: "a page fault that could not be served", conditions: [] };

function readNumber(mask: number): GfpReading {
  if (mask === 0) return pageFault;
  const has = (bit: OldBit): boolean => (mask & oldBits[bit]) !== 0;
  const purpose = oldPurposes.find(([set, clear]) => set.every(has) && !clear.some(has))?.[2] ?? "memory";
  return { purpose, conditions: [...(has("zero") ? ["zeroed"] : []), ...(has("comp") ? ["in one piece"] : [])] };
}

/** `0xcc0(GFP_KERNEL)`, or a bare number as printed before Linux 4.6. */
export function readGfpMask(printed: string): GfpReading {
  const names = /\(([^)]*)\)/.exec(printed)?.[1]?.split("|");
  if (names === undefined) return readNumber(Number.parseInt(printed, 16) || 0);
  if (names.every((name) => name === "" || name === "0")) return pageFault;
  const purpose = purposes.find(([flag]) => names.some((name) => name === flag || name === `${flag}_LIGHT`))?.[1];
  const found = conditions.filter(([flag]) => names.includes(flag)).map(([, words]) => words);
  return { purpose: purpose ?? "memory", conditions: found };
}
