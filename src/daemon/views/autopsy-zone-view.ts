import type { JudgedZone, ZoneState } from "#daemon/autopsy/shortage.ts";
import { knownKib } from "#daemon/autopsy/sizes.ts";
import { present } from "#daemon/present.ts";
import type { KiB } from "#domain/units.ts";

/** A zone of memory against what the request had to leave free in it. */
export interface ZoneView {
  readonly node: number;
  readonly name: string;
  readonly state: ZoneState;
  readonly free_kib?: KiB;
  readonly min_kib?: KiB;
  readonly low_kib?: KiB;
  readonly high_kib?: KiB;
  /** min and what the zone keeps back from requests that could be served elsewhere. */
  readonly floor_kib?: KiB;
  readonly present_kib?: KiB;
  readonly managed_kib?: KiB;
  readonly free_blocks?: readonly number[];
}

/** One zone for people and programs. */
export const viewZone = (zone: JudgedZone): ZoneView => ({
  node: zone.node,
  name: zone.name,
  state: zone.state,
  ...present({
    free_kib: knownKib(zone.freeKib),
    min_kib: knownKib(zone.minKib),
    low_kib: knownKib(zone.lowKib),
    high_kib: knownKib(zone.highKib),
    floor_kib: knownKib(zone.floorKib),
    present_kib: knownKib(zone.presentKib),
    managed_kib: knownKib(zone.managedKib),
    free_blocks: zone.freeBlocks,
  }),
});
