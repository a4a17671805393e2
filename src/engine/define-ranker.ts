import type { RankedBranch, RankerName } from "#domain/branch.ts";

/** Says which of several cgroups goes first. Preferences come before it, and of equals the larger goes. */
export interface Ranker {
  /** As written in the config. */
  readonly name: RankerName;
  readonly summary: string;
  /** It compares how fast counters run: they have to be known before trouble begins. */
  readonly goesByRates: boolean;
  /** Pure. The higher, the sooner. */
  readonly rank: (branch: RankedBranch) => number;
}
