import { compareIdentities, type Identity } from "./identity.ts";
import type { Bound, ProcessFacts } from "./process.ts";
import type { KiB } from "./units.ts";

/**
 * What somebody who decides ranks processes by, on a machine that has so much RAM and swap; undefined: it cannot be chosen.
 * Pure, and the same function for as long as it says the same.
 */
export type Measure = (process: ProcessFacts, total: KiB) => KiB | undefined;

/** Where somebody stands in a ranking. */
export interface Rank {
  readonly size: KiB;
  readonly identity: Identity;
}

/**
 * Who comes first of two: who is larger, and among equals the younger, as in the kernel since 5.3, so that the order is total.
 * @see KERNEL: mm/oom_kill.c: oom_evaluate_task ("if (points < oc->chosen_points) goto next")
 */
export const compareRanks = (a: Rank, b: Rank): number => b.size - a.size || compareIdentities(b.identity, a.identity);

/** What is wanted of a table that is kept current, besides the table. */
export interface DigestWish {
  readonly measure?: Measure;
  /** The processes of an earlier table: what has changed since is asked for. Absent: any earlier one will do. */
  readonly since?: readonly ProcessFacts[];
  /** What has to be found out of those that are not read for want of time. Absent: both. */
  readonly bounds?: Bound;
  /** Arguments (`cmdline`) may decide about anybody: who is read for the first time is read with them, if there is time. Absent: nobody asks. */
  readonly asksForCmdline?: boolean;
}

/** One process then and now: who has come was not there then, who has gone is not there now. */
export interface ProcessChange {
  readonly before: ProcessFacts | undefined;
  readonly now: ProcessFacts | undefined;
}

/** What a machine that keeps its table current knows of it, so that a decision need not go through thousands of processes. */
export interface TableDigest {
  /** What the following was found with. */
  readonly measure: Measure;
  readonly total: KiB;
  /** The processes of an earlier table, and all that has changed since. */
  readonly since: readonly ProcessFacts[];
  readonly changes: readonly ProcessChange[];
  /** Those who measure most, whoever has changed since, whoever is dying, and who reads with its ancestors. */
  readonly heads: readonly ProcessFacts[];
  /** None of the others comes before. Undefined: none of them measures anything. */
  readonly firstOther: Rank | undefined;
  /** How many of the others can be chosen by that measure. */
  readonly others: number;
}

const digests = new WeakMap<readonly ProcessFacts[], TableDigest>();

/** Says what is known of the processes of a table. */
export const digest = (processes: readonly ProcessFacts[], as: TableDigest): void => void digests.set(processes, as);

/**
 * What is known of a list of processes. It hangs on that very list, and is no part of it: whoever copies, cuts or records the
 * list leaves it behind, so that it is never about anybody else. Undefined: everybody has to be looked at.
 */
export const digestOf = (processes: readonly ProcessFacts[]): TableDigest | undefined => digests.get(processes);
