import type { ProcessFacts, ProcessMemory } from "#domain/process.ts";
import { type OomScoreAdj, oomScoreAdj, type Pid } from "#domain/units.ts";
import { isDying } from "#procfs/dying.ts";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { parseStat, type StatFacts } from "#procfs/stat.ts";
import { parseStatus, type ShownMemory, type StatusFacts } from "#procfs/status.ts";
import type { CountRss } from "./counted-rss.ts";
import type { ProcessFiles } from "./process-files.ts";
import type { TraitsCache } from "./traits.ts";

/** Where the facts of a process come from. */
export interface ProcessSource {
  readonly files: ProcessFiles;
  readonly traits: TraitsCache;
  readonly countRss: CountRss;
  /** Whether reads that can wait for a lock of the process are allowed. */
  readonly mayHang: boolean;
}

/**
 * One process, or undefined when it has gone, be it in the middle of the reads.
 * @throws SystemError, ParseError
 */
export function readProcess(pid: Pid, { files, traits, countRss, mayHang }: ProcessSource): ProcessFacts | undefined {
  const stat = readStat(files, pid);
  if (stat === undefined) return undefined;
  if (stat.isKernelThread) return kernelThread(stat);
  const status = readStatus(files, pid);
  const adj = readOomScoreAdj(files, pid);
  if (status === undefined || adj === undefined) return undefined;
  const threads = readThreadsIfLeaderLeft(files, stat, status);
  return {
    identity: stat.identity,
    parent: stat.parent,
    comm: stat.comm,
    uid: status.uid,
    state: stat.state,
    threads: stat.threads,
    leadsTerminal: stat.leadsTerminal,
    isKernelThread: false,
    isDying: isDying(stat, status) || (threads?.areDying ?? false),
    oomScoreAdj: adj,
    memory: ownerMemory([{ stat, shown: status.memory }, ...(threads?.owners ?? [])], countRss),
    traits: traits.traitsOf(stat, mayHang),
  };
}

/** What `stat` says of a process; undefined when it is gone. */
export const readStat = (files: ProcessFiles, pid: Pid): StatFacts | undefined => files.read(pid, "stat", parseStat);

/** A file that ends before it begins is that of a process that has gone. */
export const readOomScoreAdj = (files: ProcessFiles, pid: Pid): OomScoreAdj | undefined =>
  files.read(pid, "oom_score_adj", (bytes) => (bytes.length === 0 ? undefined : parseOomScoreAdj(bytes)));

const readStatus = (files: ProcessFiles, pid: Pid): StatusFacts | undefined => files.read(pid, "status", parseStatus);

/** The leader, or another thread when the leader has exited; undefined: nobody is left who has memory. @see mm/oom_kill.c: find_lock_task_mm */
export function findThreadWithMemory(files: ProcessFiles, pid: Pid): Pid | undefined {
  if (readStatus(files, pid)?.memory !== undefined) return pid;
  const hasMemory = (thread: Pid): boolean =>
    files.read(pid, `task/${thread}/status`, parseStatus)?.memory !== undefined;
  return files.listThreads(pid)?.find(hasMemory);
}

/** Nothing of it is eligible or owned by anyone, so one file tells all that is to be told. */
const kernelThread = ({ identity, comm, state, parent, threads }: StatFacts): ProcessFacts => ({
  identity,
  parent,
  comm,
  uid: undefined,
  state,
  threads,
  leadsTerminal: false,
  isKernelThread: true,
  isDying: false,
  oomScoreAdj: oomScoreAdj(0),
  memory: undefined,
  traits: { exe: undefined, cmdline: undefined, cgroup: undefined },
});

/** One thread, and what it shows of the mm if it has one. */
interface Owner {
  readonly stat: StatFacts;
  readonly shown: ShownMemory | undefined;
}

/** Of the first thread that has an mm. @see mm/oom_kill.c: find_lock_task_mm */
function ownerMemory(threads: readonly Owner[], countRss: CountRss): ProcessMemory | undefined {
  for (const { stat, shown } of threads) {
    if (shown !== undefined) return { ...shown, counted: countRss(stat, shown) };
  }
  return undefined;
}

interface OtherThreads {
  readonly owners: readonly Owner[];
  readonly areDying: boolean;
}

/**
 * A leader that has exited shows no memory, and exits whatever the others do: the truth is in their own files.
 * @see mm/oom_kill.c: find_lock_task_mm
 */
function readThreadsIfLeaderLeft(
  files: ProcessFiles,
  { identity: { pid }, isExiting, threads }: StatFacts,
  { memory }: StatusFacts,
): OtherThreads | undefined {
  if (threads <= 1 || (!isExiting && memory !== undefined)) return undefined;
  const others = (files.listThreads(pid) ?? []).filter((thread) => thread !== pid);
  const owners: Owner[] = [];
  let areDying = others.length > 0;
  for (const thread of others) {
    const below = `task/${thread}/`;
    const stat = files.read(pid, `${below}stat`, parseStat);
    const status = files.read(pid, `${below}status`, parseStatus);
    if (stat === undefined || status === undefined) continue;
    owners.push({ stat, shown: status.memory });
    areDying &&= !status.isDumpingCore && (stat.isExiting || status.isThreadKilled);
  }
  return { owners, areDying };
}
