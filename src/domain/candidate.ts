import type { Guard } from "./guard.ts";
import type { Identity } from "./identity.ts";
import type { CgroupPath, KiB, OomScoreAdj, Uid } from "./units.ts";

/** One named part of a score, so that `explain` can show where a score came from. May be negative. */
export interface ScoreTerm {
  readonly name: string;
  readonly value: KiB;
}

/** The score used to rank: the sum of its terms, in memory that counts for or against. May be negative. */
export interface Badness {
  readonly total: KiB;
  readonly terms: readonly ScoreTerm[];
}

/** Processes that belong together, and that are to blame together. */
export interface GuiltyFamily {
  /** As the engine names it; it says nothing outside of it. */
  readonly name: string;
  /** How many could be chosen. */
  readonly processes: number;
  /** What all of those give back. */
  readonly returns: KiB;
  /** By how much the family grew since trouble began. */
  readonly grown: KiB;
  /** Of a fork storm: how many of them were started since. */
  readonly young?: number;
}

/** An eligible process, with what a report about its death has to say. */
export interface Candidate {
  readonly identity: Identity;
  readonly comm: string;
  readonly uid: Uid | undefined;
  readonly cgroup: CgroupPath | undefined;
  readonly oomScoreAdj: OomScoreAdj;
  readonly rss: KiB;
  readonly swap: KiB;
  /** What comes back for certain when it dies: anonymous memory, swap and page tables. */
  readonly returns: KiB;
  readonly badness: Badness;
  /** Its family, when that is why it goes before others: no member of it is to blame alone. */
  readonly family?: GuiltyFamily;
  /** It is of the session, and goes all the same: nobody else can be chosen. */
  readonly guard?: Guard;
}
