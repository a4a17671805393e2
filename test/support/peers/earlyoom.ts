import { type Identity, isSameIdentity } from "#domain/identity.ts";
import type { KernelRelease } from "#domain/kernel-release.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { ProcessFacts, ProcessMemory } from "#domain/process.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import {
  add,
  bytes,
  clamp,
  type KiB,
  kibToPages,
  lessened,
  type Milliseconds,
  milliseconds,
  oomScoreAdjMin,
  type Percent,
  percent,
  percentOf,
  scale,
  share,
  sum,
} from "#domain/units.ts";
import { availableMemory, noReserves, totalMemory } from "#engine/headroom.ts";
import { predictOomScore } from "#engine/oom-score.ts";
import { after, killable, type Peer, type PeerTurn } from "./peer.ts";

/** What differs between the earlyoom that Debian 12 ships and the newest. */
interface Version {
  readonly name: string;
  /** What 100 % of memory is. @see rfjakob/earlyoom meminfo.c: parse_meminfo */
  readonly base: (meminfo: Meminfo) => KiB;
  /** process_mrelease right after SIGKILL, since 1.8. */
  readonly reapsAtOnce: boolean;
}

type Watching = { readonly kind: "watching" };
/** kill_wait() blocks: nothing else is looked at. */
type Waiting = {
  readonly kind: "waiting";
  readonly victim: Identity;
  readonly isKilled: boolean;
  readonly since: Milliseconds;
};

/** What earlyoom is about. */
export type EarlyoomState = Watching | Waiting;
type Turn = PeerTurn<EarlyoomState>;

const watching: Watching = { kind: "watching" };

/** `-m 10,5 -s 10,5`: SIGTERM and SIGKILL, at or below. */
const termBelow = percent(10);
const killBelow = percent(5);
/** @see main.c: sleep_time_ms */
const shortestSleep = milliseconds(100);
const longestSleep = milliseconds(1000);
/** No machine fills them faster, in KiB per millisecond. */
const [memoryFillRate, swapFillRate] = [6000, 800];
/** @see kill.c: kill_wait */
const waitPoll = milliseconds(100);
const longestWait = milliseconds(10_000);

const version = ({ name, base, reapsAtOnce }: Version): Peer<EarlyoomState> => {
  function step(snapshot: Snapshot, state: EarlyoomState): Turn {
    const meminfo = knownValue(snapshot.meminfo);
    if (meminfo === undefined) return sleep(snapshot, longestSleep);
    const levels: Levels = {
      memory: share(availableMemory(meminfo, noReserves), base(meminfo)),
      swap: freeSwapShare(meminfo),
    };
    if (state.kind === "waiting") return wait(snapshot, state, levels);
    const signal = signalFor(levels);
    if (signal === undefined) return sleep(snapshot, sleepTime(levels, base(meminfo), meminfo.swapTotal));
    // The victim is searched for first, and the levels are read once more after it: both are one look here.
    if (snapshot.processes === undefined) return { shots: [], state, next: snapshot.takenAt, needs: allFacts };
    const victim = findLargest(killable(snapshot), totalMemory(meminfo));
    if (victim === undefined) return sleep(snapshot, shortestSleep);
    const isKilled = signal === "SIGKILL";
    return {
      shots: [{ victim, signal, reapsAtOnce: reapsAtOnce && isKilled }],
      state: { kind: "waiting", victim, isKilled, since: snapshot.takenAt },
      next: after(snapshot, waitPoll),
      needs: allFacts,
    };
  }

  /** Until the victim is gone, or for 10 s; SIGTERM becomes SIGKILL only when memory falls below the second limits. */
  function wait(snapshot: Snapshot, state: Waiting, levels: Levels): Turn {
    const isAlive = killable(snapshot).some(({ identity }) => isSameIdentity(identity, state.victim));
    const isOver = !isAlive || snapshot.takenAt - state.since >= longestWait;
    if (isOver) return sleep(snapshot, shortestSleep);
    const escalates = !state.isKilled && signalFor(levels) === "SIGKILL";
    return {
      shots: escalates ? [{ victim: state.victim, signal: "SIGKILL", reapsAtOnce }] : [],
      state: { ...state, isKilled: state.isKilled || escalates },
      next: after(snapshot, waitPoll),
      needs: allFacts,
    };
  }

  return { name, needs: ["meminfo"], begin: watching, step };
};

const allFacts = ["meminfo", "processes"] as const;

const sleep = (snapshot: Snapshot, span: Milliseconds): Turn => ({
  shots: [],
  state: watching,
  next: after(snapshot, span),
  needs: ["meminfo"],
});

/** Free memory and free swap as shares: no swap at all is 0 % free, so that memory decides alone. */
interface Levels {
  readonly memory: Percent;
  readonly swap: Percent;
}

const freeSwapShare = ({ swapFree, swapTotal }: Meminfo): Percent => share(swapFree, swapTotal);

/** @see main.c: lowmem_sig */
function signalFor({ memory, swap }: Levels): "SIGTERM" | "SIGKILL" | undefined {
  if (memory <= killBelow && swap <= killBelow) return "SIGKILL";
  return memory <= termBelow && swap <= termBelow ? "SIGTERM" : undefined;
}

/** As long as it takes to fill what is left above the first limits. */
function sleepTime({ memory, swap }: Levels, memoryTotal: KiB, swapTotal: KiB): Milliseconds {
  const left = (level: Percent, total: KiB) => lessened(percentOf(level, total), percentOf(termBelow, total));
  const toFill = left(memory, memoryTotal) / memoryFillRate + left(swap, swapTotal) / swapFillRate;
  return clamp(milliseconds(Math.trunc(toFill)), shortestSleep, longestSleep);
}

/** Any release since 5.9 shows the score this way. */
const release: KernelRelease = { major: 6, minor: 1 };
const pageSize = bytes(4096);

/** The highest oom_score; of equals the one with more resident memory. @see kill.c: find_largest_process, is_larger */
export function findLargest(processes: readonly ProcessFacts[], total: KiB): Identity | undefined {
  let largest: { readonly identity: Identity; readonly score: number; readonly rss: KiB } | undefined;
  for (const { identity, memory, oomScoreAdj } of processes) {
    if (memory === undefined || memory.rss === 0 || oomScoreAdj === oomScoreAdjMin) continue;
    const score = scoreOf(memory, { total, adj: oomScoreAdj });
    if (largest !== undefined && (score < largest.score || (score === largest.score && memory.rss <= largest.rss))) {
      continue;
    }
    largest = { identity, score, rss: memory.rss };
  }
  return largest?.identity;
}

/** `oom_score` as the kernel shows it. */
export function scoreOf(
  { counted, swap, pageTables }: ProcessMemory,
  { total, adj }: { total: KiB; adj: number },
): number {
  const totalPages = kibToPages(total, pageSize);
  const own = kibToPages(sum([counted, swap, pageTables]), pageSize);
  const points = add(own, scale(totalPages, adj / 1000));
  return predictOomScore({ points, totalPages }, release) ?? 0;
}

/** Of Debian 12: percentages are of MemTotal, and a victim gives its memory back by itself. */
export const earlyoom17 = version({ name: "earlyoom 1.7", base: ({ total }) => total, reapsAtOnce: false });

/**
 * The newest: percentages are of what programs can have. Left out: what needs an option (`--prefer`, `-g`, `-P`), and the few
 * milliseconds it needs to find its victim.
 */
export const earlyoom19 = version({
  name: "earlyoom 1.9",
  base: (meminfo) => add(availableMemory(meminfo, noReserves), meminfo.anon),
  reapsAtOnce: true,
});
