import type { OomReport } from "#domain/oom-report.ts";
import { compareVersions, type KernelVersion, parseKernelVersion, youngerVersion } from "./kernel-version.ts";

/** What being root took off a score: `machine` is steps of oom_score_adj, `own` a share of the task's own points. */
export type RootBonus =
  | { readonly kind: "machine"; readonly steps: number }
  | { readonly kind: "own"; readonly parts: number; readonly of: number };

/** How one range of releases chooses. */
export interface RuleSet {
  /** The first release that chooses so. */
  readonly since: KernelVersion;
  /** What a point is: a thousandth of all memory, or a page. */
  readonly measure: "permille" | "pages";
  readonly countsPageTables: boolean;
  readonly rootBonus?: RootBonus;
  /** Nobody eligible has less than one point. */
  readonly hasFloor: boolean;
  /** Which of equals in the order of the scan. */
  readonly tie: "first" | "last";
  /** Kills the worst child of the chosen one in its place, when there is one with a memory of its own. */
  readonly sacrificesChild: boolean;
}

const thirtySteps: RootBonus = { kind: "machine", steps: 30 };
const threePercent: RootBonus = { kind: "own", parts: 3, of: 100 };

const permille: RuleSet = {
  since: [2, 6, 36],
  measure: "permille",
  countsPageTables: false,
  rootBonus: thirtySteps,
  hasFloor: true,
  tie: "first",
  sacrificesChild: true,
};
const withPageTables: RuleSet = { ...permille, since: [3, 0, 0], countsPageTables: true };
const inPages: RuleSet = { ...withPageTables, since: [3, 5, 0], measure: "pages" };
const rootByOwn: RuleSet = { ...inPages, since: [3, 10, 65], rootBonus: threePercent };
const lastOnce: RuleSet = { ...rootByOwn, since: [4, 8, 0], tie: "last" };
const firstAgain: RuleSet = { ...rootByOwn, since: [4, 9, 0] };
const { rootBonus: _, ...rootless } = firstAgain;
const noRootBonus: RuleSet = { ...rootless, since: [4, 17, 0] };
const noSacrifice: RuleSet = { ...noRootBonus, since: [5, 1, 0], sacrificesChild: false };
const lastWins: RuleSet = { ...noSacrifice, since: [5, 3, 0], tie: "last" };
const signed: RuleSet = { ...lastWins, since: [5, 9, 0], hasFloor: false };

/**
 * Every way of choosing since badness is made of memory alone, the eldest first.
 * Before Linux 2.6.36 it took run times, children and capabilities into account, which no report shows.
 * @see mm/oom_kill.c: oom_badness, oom_evaluate_task, oom_kill_process
 */
export const ruleSets: readonly RuleSet[] = [
  permille,
  withPageTables,
  inPages,
  rootByOwn,
  lastOnce,
  firstAgain,
  noRootBonus,
  noSacrifice,
  lastWins,
  signed,
];

/** What a report shows that no older release prints: distributions bring new rules and their text to old releases together. */
const fingerprints: readonly { readonly since: KernelVersion; readonly shows: (report: OomReport) => boolean }[] = [
  { since: [6, 8, 0], shows: ({ tasks }) => tasks[0]?.rssAnonPages !== undefined },
  { since: [5, 4, 0], shows: ({ victim }) => victim?.pgtablesKib !== undefined },
  { since: [4, 15, 0], shows: ({ tasks }) => tasks[0]?.pgtablesBytes !== undefined },
  { since: [4, 0, 0], shows: ({ tasks }) => tasks[0]?.pmdPages !== undefined },
  // RHEL 7 prints scores of root that only this discount makes (178 where 30 steps would make 154, 3.10.0-514).
  { since: rootByOwn.since, shows: ({ kernelRelease }) => /^3\.10\..*\.el7/.test(kernelRelease ?? "") },
  { since: [3, 7, 0], shows: ({ tasks }) => tasks[0]?.swapentsPages !== undefined },
  { since: [2, 6, 36], shows: ({ tasks }) => tasks[0]?.oomScoreAdj !== undefined },
];

/** A kernel that prints page tables in bytes, kills, and speaks of no child, no longer sacrifices one. */
const speaksOfNoChild = ({ tasks, victim, choice }: OomReport): boolean =>
  tasks[0]?.pgtablesBytes !== undefined && victim?.totalVmKib !== undefined && choice === undefined;

function leastVersion(report: OomReport): KernelVersion | undefined {
  const shown = fingerprints.find(({ shows }) => shows(report))?.since;
  return shown !== undefined && speaksOfNoChild(report) ? youngerVersion(shown, noSacrifice.since) : shown;
}

/** The release whose rules a report follows: what it says it is, or younger where its text proves it. */
export function ruledBy(report: OomReport): KernelVersion | undefined {
  const said = report.kernelRelease === undefined ? undefined : parseKernelVersion(report.kernelRelease);
  const least = leastVersion(report);
  return said !== undefined && least !== undefined ? youngerVersion(said, least) : (said ?? least);
}

/** The rules a report follows. Undefined: older than all of them, or it shows nothing to tell by. */
export function rulesFor(report: OomReport): RuleSet | undefined {
  const version = ruledBy(report);
  if (version === undefined) return undefined;
  return ruleSets.findLast(({ since }) => compareVersions(since, version) <= 0);
}
