import { add, type KiB, kib, scale } from "#domain/units.ts";
import type { SwapScript, ZswapScript } from "./scenario.ts";

/** A device of swap, and what lies on it. */
export interface SwapDevice {
  readonly script: SwapScript;
  readonly path: string;
  readonly priority: number;
  /** Slots in use. */
  used: KiB;
  /** `leaving`: swapoff reads everything back that lies on it. */
  state: "not-yet" | "on" | "leaving" | "gone";
}

/** Devices of a scenario, those that are filled first in front. */
export const swapDevices = (scripts: readonly SwapScript[]): SwapDevice[] =>
  scripts
    .map((script, index): SwapDevice => {
      const path = script.kind === "zram" ? `/dev/zram${index}` : `/swapfile${index === 0 ? "" : index}`;
      const priority = script.priority ?? (script.kind === "zram" ? 100 : -2);
      return { script, path, priority, used: kib(0), state: script.swaponAt === undefined ? "on" : "not-yet" };
    })
    .sort((a, b) => b.priority - a.priority);

/** Those that count: in use, be it for the last time. */
export const isThere = ({ state }: SwapDevice): boolean => state === "on" || state === "leaving";

/** RAM a device of zram takes for what lies on it. */
export const zramCostOf = ({ script, used }: SwapDevice): KiB =>
  script.kind === "zram" ? scale(used, 1 / script.ratio) : kib(0);

/** RAM that zswap takes for what it holds. */
export const zswapCostOf = (zswap: ZswapScript | undefined, zswapped: KiB): KiB =>
  zswap === undefined ? kib(0) : scale(zswapped, 1 / zswap.ratio);

/** RAM that devices of zram take: that is why filling them frees less than was swapped out. */
export function zramCost(swaps: readonly SwapDevice[]): KiB {
  let cost = kib(0);
  for (const device of swaps) cost = add(cost, zramCostOf(device));
  return cost;
}
