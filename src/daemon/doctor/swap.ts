import { knownValue } from "#domain/snapshot.ts";
import type { SwapDevice, Swaps } from "#domain/swaps.ts";
import { describeShare, describeSize } from "#journal/amounts.ts";
import type { CheckUp, Diagnosis } from "./diagnosis.ts";

const topic = "swap";

/** Where memory goes that nobody touches. */
export const examineSwap: CheckUp = ({ snapshot, surroundings: { swappiness } }) => {
  const swaps = knownValue(snapshot.swaps);
  if (swaps === undefined) return [];
  if (swaps.devices.length === 0) return [noSwap];
  const onZram = swaps.devices.filter(({ kind }) => kind === "zram");
  const onDisk = swaps.devices.filter(({ kind }) => kind !== "zram");
  return [
    { topic, severity: "fine", finding: layout(swaps) },
    ...(onZram.length > 0 && swaps.zswap ? [compressedTwice] : []),
    ...(onZram.length > 0 && onDisk.length > 0 && isDiskFirst(onZram, onDisk) ? [diskFirst] : []),
    ...(swappiness === 0 ? [neverSwaps] : []),
  ];
};

const noSwap: Diagnosis = {
  topic,
  severity: "note",
  finding: "there is no swap",
  consequence: "memory that nobody touches cannot make room, so programs have to go sooner",
  advice: "zram of half of RAM costs nothing until it is needed",
};

const compressedTwice: Diagnosis = {
  topic,
  severity: "warning",
  finding: "zswap is switched on in front of zram",
  consequence: "pages are compressed twice, and what that gains is not known",
  advice: "switch zswap off (zswap.enabled=0) where swap lies on zram",
};

const diskFirst: Diagnosis = {
  topic,
  severity: "warning",
  finding: "swap on a disk is filled before zram",
  consequence: "the slow swap is used while the fast one lies idle",
  advice: "give zram the higher priority (swapon --priority)",
};

const neverSwaps: Diagnosis = {
  topic,
  severity: "note",
  finding: "vm.swappiness is 0",
  consequence: "swap is used only when there is no page cache left to drop, which is when a machine freezes",
  advice: "60 is usual, and 100 or more fits zram",
};

function isDiskFirst(onZram: readonly SwapDevice[], onDisk: readonly SwapDevice[]): boolean {
  const highest = (devices: readonly SwapDevice[]): number => Math.max(...devices.map(({ priority }) => priority));
  return highest(onDisk) > highest(onZram);
}

const layout = ({ devices, zswap }: Swaps): string =>
  [
    ...devices.map(({ path, kind, size, stored }) => {
      const limit = stored?.limit === undefined ? "" : `, at most ${describeSize(stored.limit)} of RAM`;
      return `${describeSize(size)} ${kind === "zram" ? "of zram" : `on a ${kind}`} (${path}${limit})`;
    }),
    ...(zswap ? [`zswap before them, up to ${describeShare(zswap.maxPool)} of RAM`] : []),
  ].join(", ");
