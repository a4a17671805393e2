import type { KiB, Milliseconds, Percent } from "./units.ts";

/** @see mm/page_alloc.c: __setup_per_zone_wmarks. `min < low < high`, always. */
export type Watermark = "min" | "low" | "high";

/** Why an alarm was raised, as data. Sentences are made of it in the journal only. */
export type Reason =
  | {
      readonly kind: "below-watermark";
      readonly zone: "headroom";
      readonly watermark: Watermark;
      readonly headroom: KiB;
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
    };

/** From the mildest to the loudest. */
export const alarmKinds = ["approaching", "scarce", "stalling", "exhausted"] as const;
/** One of {@link alarmKinds}. */
export type AlarmKind = (typeof alarmKinds)[number];

/** A claim that the machine is in trouble, with its reason. */
export interface Alarm {
  readonly kind: AlarmKind;
  readonly reason: Reason;
  /** What else was proven, where one proof is not enough. */
  readonly also?: readonly Reason[];
  /** When an alarm at least as loud as `approaching` was first raised without a pause since. */
  readonly since: Milliseconds;
}

/** Whether `a` calls for more than `b`; no alarm is louder than itself. */
export const isLouder = (a: AlarmKind, b: AlarmKind): boolean => alarmKinds.indexOf(a) > alarmKinds.indexOf(b);
