import { isSameIdentity } from "#domain/identity.ts";
import type { ProcessFacts, ProcessMemory, ProcessTraits } from "#domain/process.ts";
import { type OomScoreAdj, oomScoreAdj, type Pid } from "#domain/units.ts";
import { isDying } from "#procfs/dying.ts";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { parseStat, type StatFacts } from "#procfs/stat.ts";
import { parseStatus, type ShownMemory, type StatusFacts } from "#procfs/status.ts";
import type { CountRss } from "./counted-rss.ts";
import type { ProcessFiles } from "./process-files.ts";
import { keepSame } from "./same-facts.ts";
import { readTraits } from "./traits.ts";

/** Where the facts of a process come from. */
export interface ProcessSource {
  readonly files: ProcessFiles;
  readonly countRss: CountRss;
  /** Whether reads that can wait for a lock of the process are allowed. */
  readonly mayHang: boolean;
}

/** A process as it was read, and the `stat` that tells whether it has changed since. */
export interface KnownProcess {
  readonly facts: ProcessFacts;
  readonly stat: StatFacts;
}

/**
 * One process, or undefined when it has gone, be it in the middle of the reads, or is but a thread of another. What was known
 * of it and is still true stays the very same object.
 * @throws SystemError, ParseError
 */
export function readProcess(pid: Pid, source: ProcessSource, before?: KnownProcess): KnownProcess | undefined {
  const stat = readStat(source.files, pid);
  return stat === undefined || stat.isFollower ? undefined : readRest(stat, source, sameProcess(stat, before));
}

/**
 * The same of a process that is known, with half of the reads as long as it sleeps: whoever took or gave back memory,
 * started a thread or executed a program shows it in `stat`. Whoever changed its user and did nothing else is found out later.
 * @throws SystemError, ParseError
 */
export function rereadProcess(before: KnownProcess, source: ProcessSource): KnownProcess | undefined {
  const { pid } = before.facts.identity;
  const stat = readStat(source.files, pid);
  if (stat === undefined) return undefined;
  if (tellsNothing(stat) || !isStill(before.stat, stat)) return readRest(stat, source, sameProcess(stat, before));
  if (stat.isKernelThread) return before;
  const adj = readOomScoreAdj(source.files, pid);
  if (adj === undefined) return undefined;
  const traits = currentTraits(stat, source, before);
  return { stat, facts: keepSame(before.facts, { ...before.facts, oomScoreAdj: adj, traits }) };
}

/** What was known under that pid, if it is the same process. */
const sameProcess = ({ identity }: StatFacts, before: KnownProcess | undefined): KnownProcess | undefined =>
  before !== undefined && isSameIdentity(before.facts.identity, identity) ? before : undefined;

const telling = [
  "comm",
  "state",
  "parent",
  "leadsSession",
  "leadsTerminal",
  "isExiting",
  "threads",
  "virtual",
  "rss",
  "stackStart",
  "pendingSignals",
] as const;

/** The first thread has exited, and shows no memory while the others go on taking it. */
const tellsNothing = ({ isExiting, threads }: StatFacts): boolean => isExiting && threads > 1;

/** Whether a process has neither done anything nor been replaced, as far as its `stat` goes. */
const isStill = (before: StatFacts, now: StatFacts): boolean =>
  isSameIdentity(before.identity, now.identity) && telling.every((fact) => before[fact] === now[fact]);

function readRest(stat: StatFacts, source: ProcessSource, before?: KnownProcess): KnownProcess | undefined {
  const facts = stat.isKernelThread ? kernelThread(stat) : readUserProcess(stat, source, before);
  return facts && { stat, facts: keepSame(before?.facts, facts) };
}

function readUserProcess(stat: StatFacts, source: ProcessSource, before?: KnownProcess): ProcessFacts | undefined {
  const { files, countRss } = source;
  const { identity } = stat;
  const status = readStatus(files, identity.pid);
  const adj = readOomScoreAdj(files, identity.pid);
  if (status === undefined || adj === undefined) return undefined;
  const threads = readThreadsIfLeaderLeft(files, stat, status);
  return {
    identity,
    parent: stat.parent,
    comm: stat.comm,
    uid: status.uid,
    state: stat.state,
    threads: stat.threads,
    leadsSession: stat.leadsSession,
    leadsTerminal: stat.leadsTerminal,
    isKernelThread: false,
    isDying: isDying(stat, status) || (threads?.areDying ?? false),
    oomScoreAdj: adj,
    memory: ownerMemory([{ stat, shown: status.memory }, ...(threads?.owners ?? [])], countRss),
    traits: currentTraits(stat, source, before),
  };
}

/** A program that is executed anew keeps pid and start time, but neither its name nor its stack. */
const isSameProgram = (a: StatFacts, b: StatFacts): boolean => a.comm === b.comm && a.stackStart === b.stackStart;

/** In calm all is read anew: systemd moves a process after its start. */
function currentTraits(stat: StatFacts, { files, mayHang }: ProcessSource, before?: KnownProcess): ProcessTraits {
  const isKnown = before !== undefined && isSameProgram(before.stat, stat);
  return isKnown && !mayHang ? before.facts.traits : readTraits(files, stat.identity, mayHang);
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
  leadsSession: false,
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
