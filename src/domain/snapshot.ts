import type { Arc } from "./arc.ts";
import type { BranchTree } from "./branch.ts";
import type { GiverReport } from "./giver.ts";
import type { Membership, WatchedMemcg } from "./memcg.ts";
import type { Meminfo } from "./meminfo.ts";
import type { Overcommit } from "./overcommit.ts";
import type { Pressure } from "./pressure.ts";
import type { ProcessTable } from "./process.ts";
import type { Swaps } from "./swaps.ts";
import type { SystemFailure } from "./system-error.ts";
import type { Milliseconds } from "./units.ts";
import type { VictimReport } from "./victim-report.ts";
import type { Vmstat } from "./vmstat.ts";
import type { Zoneinfo } from "./zoneinfo.ts";

/** Everything that can be asked of a machine, by name. A new sensor is one new entry here. */
export interface Facts {
  readonly meminfo: Meminfo;
  /** Tasks that wait for memory. */
  readonly pressure: Pressure;
  /** Tasks that wait for disks. */
  readonly ioPressure: Pressure;
  readonly vmstat: Vmstat;
  readonly zoneinfo: Zoneinfo;
  readonly swaps: Swaps;
  /** Undefined: there is no ZFS here, which is no failure. */
  readonly arc: Arc | undefined;
  readonly overcommit: Overcommit;
  /** Those that the look asks to be told of, as many of them as there are. */
  readonly memcgs: readonly WatchedMemcg[];
  readonly membership: Membership;
  /** Those that the look asks to be told of, with all cgroups inside of them. */
  readonly branches: readonly BranchTree[];
  readonly processes: ProcessTable;
}

/** What can be asked for at a look. */
export type FactName = keyof Facts;

/** All of them. */
export const factNames = [
  "meminfo",
  "pressure",
  "ioPressure",
  "vmstat",
  "zoneinfo",
  "swaps",
  "arc",
  "overcommit",
  "memcgs",
  "membership",
  "branches",
  "processes",
] as const satisfies readonly FactName[];

/** A fact, or why it could not be had: one sensor fails alone. */
export type Reading<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "unavailable"; readonly failure: SystemFailure };

/** What one look saw. Facts nobody asked for are absent. */
export type Snapshot = {
  /** Monotonic time of the look, from an origin of the machine's own choice. */
  readonly takenAt: Milliseconds;
  /** How long the machine was suspended since the look before, while `takenAt` stood still. Absent: not at all, or nobody can tell. */
  readonly sleptFor?: Milliseconds;
  /** Since the look before all held that would have made a look idle (`Quiet`): nobody was late, and nothing was missed. Absent: nobody can tell. */
  readonly hasBeenQuiet?: true;
  /** All victims signalled or adopted, and not yet released. */
  readonly victims: readonly VictimReport[];
  /** Reads that were given up since the look before, because a process holds its memory locked. Absent: there were none. */
  readonly hung?: readonly SystemFailure[];
  /** All givers that were asked, and not yet dismissed. Absent: there are none. */
  readonly givers?: readonly GiverReport[];
} & { readonly [F in FactName]?: Reading<Facts[F]> };

/** A fact that was read. */
export const known = <T>(value: T): Reading<T> => ({ kind: "known", value });

/** A fact that could not be had, with what refused it. */
export const unavailable = (
  failure: SystemFailure,
): { readonly kind: "unavailable"; readonly failure: SystemFailure } => ({
  kind: "unavailable",
  failure,
});

/** The value of a reading, or undefined when it was not asked for or could not be had. */
export const knownValue = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading?.kind === "known" ? reading.value : undefined;
