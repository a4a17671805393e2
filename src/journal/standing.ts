import type { AlarmKind } from "#domain/alarm.ts";
import type { KiB } from "#domain/units.ts";
import { describeSize } from "./amounts.ts";
import { counted } from "./phrases.ts";

/** How things stand, in what a line of `systemctl status` has room for. */
export interface Standing {
  /** Undefined: it could not be read yet. */
  readonly headroom: KiB | undefined;
  readonly low: KiB;
  readonly alarm: AlarmKind | undefined;
  readonly kills: number;
}

/** `Watching: headroom 12 GiB, low is 640 MiB; 3 kills so far`. */
export const describeStanding = ({ headroom, low, alarm, kills }: Standing): string =>
  `${alarm === undefined ? "Watching" : `Alarm ${alarm}`}: ` +
  `headroom ${headroom === undefined ? "unknown" : describeSize(headroom)}, low is ${describeSize(low)}; ` +
  `${counted(kills, "kill")} so far`;
