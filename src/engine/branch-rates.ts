import type { Branch, BranchRates, BranchTree, IoCounts } from "#domain/branch.ts";
import { heldBy } from "#domain/memcg.ts";
import { atLeast, type CgroupPath, type Milliseconds, percent, seconds, subtract } from "#domain/units.ts";

/** What runs in a cgroup, as it stood. */
interface Counts {
  readonly held: number;
  readonly stalled: number;
  readonly pgscan: number;
  readonly ioCost: number;
}

interface Sample {
  readonly at: Milliseconds;
  readonly counts: ReadonlyMap<CgroupPath, Counts>;
}

/** How the counters of all cgroups of a scope stood some time ago. */
export interface BranchHistory {
  /** What rates are told from. */
  readonly base: Sample;
  /** The base of later. */
  readonly next: Sample;
}

/** How far apart samples are: a rate is over this much time at least, and over twice as much while looks are close together. */
export const samplesApart = seconds(2);

/** Remembers how the counters stand now. A cgroup that was not there before begins with nothing. */
export function rememberBranches(
  history: BranchHistory | undefined,
  { branches }: BranchTree,
  at: Milliseconds,
): BranchHistory {
  if (history !== undefined && !atLeast(subtract(at, history.next.at), samplesApart)) return history;
  const next = { at, counts: new Map(branches.map((branch) => [branch.path, countsOf(branch)])) };
  return { base: history?.next ?? next, next };
}

const nothing: Counts = { held: 0, stalled: 0, pgscan: 0, ioCost: 0 };

/** Undefined: no time has passed since the first sample. */
export function ratesOf(branch: Branch, { base }: BranchHistory, at: Milliseconds): BranchRates | undefined {
  const span = subtract(at, base.at);
  if (span <= 0) return undefined;
  const before = base.counts.get(branch.path) ?? nothing;
  const now = countsOf(branch);
  const perSecond = (grown: number): number => (grown * msPerSecond) / span;
  // A cgroup that was made anew under the same name counts from nothing.
  const since = (count: keyof Counts): number => now[count] - (now[count] < before[count] ? 0 : before[count]);
  return {
    growth: Math.round(perSecond(now.held - before.held)),
    stalled: percent(Math.min(100, since("stalled") / (span * usPerPercentOfMs))),
    pgscan: perSecond(since("pgscan")),
    ioCost: perSecond(since("ioCost")),
  };
}

const msPerSecond = 1000;
const usPerPercentOfMs = 10;

const countsOf = (branch: Branch): Counts => ({
  held: heldBy(branch),
  stalled: branch.stalled ?? 0,
  pgscan: branch.pgscan ?? 0,
  ioCost: branch.io === undefined ? 0 : costOf(branch.io),
});

/** Milliseconds of a solid-state disk, by the coefficients that oomd ships. @see facebookincubator/oomd docs/configuration.md, io cost */
const costOf = ({ readBytes, writtenBytes, discardedBytes, reads, writes, discards }: IoCounts): number =>
  reads * 1.21e-2 +
  readBytes * 6.25e-7 +
  writes * 1.07e-3 +
  writtenBytes * 2.61e-7 +
  discards * 2.37e-2 +
  discardedBytes * 9.1e-10;
