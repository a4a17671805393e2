import type { CgroupPath, KiB, Milliseconds, Percent } from "./units.ts";

/** @see mm/page_alloc.c: __setup_per_zone_wmarks. `min < low < high`, always. */
export type Watermark = "min" | "low" | "high";

/** How long page faults take that need a disk. */
export interface FaultWait {
  /** The share of the window in which somebody waited for a disk. */
  readonly share: Percent;
  /** What was waited for each of them. Undefined: there was none. */
  readonly perFault: Milliseconds | undefined;
  /** From here on they are slow. */
  readonly slow: Milliseconds;
}

/** Why an alarm was raised, as data: all that was compared. Sentences are made of it in the journal only. */
export type Reason =
  | {
      readonly kind: "below-watermark";
      readonly zone: "headroom";
      readonly watermark: Watermark;
      readonly headroom: KiB;
      readonly threshold: KiB;
    }
  /** Only where the kernel promises no more than it has. */
  | {
      readonly kind: "commit-below-watermark";
      readonly watermark: Watermark;
      /** What may still be promised. */
      readonly left: KiB;
      readonly threshold: KiB;
      readonly limit: KiB;
    }
  | {
      readonly kind: "falling";
      readonly headroom: KiB;
      /** By how much headroom falls in a second; 0 while it rises. */
      readonly perSecond: KiB;
      /** Until `min` is reached. Undefined: it does not fall. */
      readonly timeLeft: Milliseconds | undefined;
      readonly horizon: Milliseconds;
      /** A fall alone is no proof: headroom has to be below this as well. */
      readonly below: KiB;
      /** `min`. */
      readonly threshold: KiB;
    }
  | {
      readonly kind: "stalled";
      readonly line: "some" | "full";
      /** Share of `window` that was spent stalled. */
      readonly share: Percent;
      readonly limit: Percent;
      readonly window: Milliseconds;
      readonly available: KiB;
      /** Stall alone is no proof: available memory has to be below this as well. */
      readonly availableBelow: KiB;
      /** Nor is it while faults are fast. Absent: it does not matter here, or nobody can tell. */
      readonly faults?: FaultWait;
    }
  | {
      readonly kind: "thrashing";
      /** The smaller of what was refaulted and what was reclaimed within `window`, as a share of `cache`. */
      readonly exchanged: Percent;
      readonly limit: Percent;
      readonly refaulted: KiB;
      readonly reclaimed: KiB;
      /** The part of `reclaimed` that those who wanted memory had to reclaim themselves. */
      readonly reclaimedDirectly: KiB;
      readonly swappedIn: KiB;
      readonly cache: KiB;
      /** A page cache that was left larger than this is not short of room for programs. */
      readonly cacheBelow: KiB;
      readonly line: "some" | "full";
      readonly stalled: Percent;
      /** The exchange alone is no proof: tasks have to wait for it as well. */
      readonly stallLimit: Percent;
      readonly window: Milliseconds;
      readonly available: KiB;
      /** Absent in recordings that were made before it was looked at. */
      readonly faults?: FaultWait;
    }
  /** A memcg has swapped out more than was asked for as its most. */
  | {
      readonly kind: "memcg-swap";
      readonly swapped: KiB;
      readonly threshold: KiB;
      /** How long that has to be so. */
      readonly holdFor: Milliseconds;
    }
  /** A memcg is larger than was asked for as its most, clean pages of files not counted: nobody's death gives them back. */
  | {
      readonly kind: "memcg-size";
      readonly size: KiB;
      readonly threshold: KiB;
      readonly holdFor: Milliseconds;
    }
  /** A memcg takes memory faster than was asked for as its most. */
  | {
      readonly kind: "memcg-growth";
      /** By how much that grew within `window` which only its members can give back. */
      readonly grown: KiB;
      readonly threshold: KiB;
      readonly window: Milliseconds;
    }
  | {
      readonly kind: "kernel-zone";
      /** The best of the kernel's zones, and what it would need to serve anybody. */
      readonly node: number;
      readonly name: string;
      readonly free: KiB;
      readonly needed: KiB;
      readonly reclaimable: KiB;
    };

/** From the mildest to the loudest. */
export const alarmKinds = ["approaching", "scarce", "stalling", "thrashing", "exhausted"] as const;
/** One of {@link alarmKinds}. */
export type AlarmKind = (typeof alarmKinds)[number];

/** A claim that the machine, or one memcg, is in trouble, with its reason. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** The memcg that is short of memory: its numbers are those of the reason, and nobody outside of it is chosen. Absent: the machine is. */
  readonly memcg?: CgroupPath;
  readonly reason: Reason;
  /** What else was proven, where one proof is not enough. */
  readonly also?: readonly Reason[];
  /** When an alarm at least as loud as `approaching` was first raised without a pause since. */
  readonly since: Milliseconds;
}

/** The one that calls for most; of equals the first. */
export const loudestAlarm = (alarms: readonly (Alarm | undefined)[]): Alarm | undefined =>
  alarms.reduce(
    (best, each) => (each !== undefined && (best === undefined || isLouder(each.kind, best.kind)) ? each : best),
    undefined,
  );

/** Whether `a` calls for more than `b`; no alarm is louder than itself. */
export const isLouder = (a: AlarmKind, b: AlarmKind): boolean => alarmKinds.indexOf(a) > alarmKinds.indexOf(b);
