import type { Meminfo } from "#domain/meminfo.ts";
import type { Pressure } from "#domain/pressure.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import {
  add,
  atLeast,
  below,
  type CgroupPath,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  percent,
  percentOf,
  seconds,
  share,
  subtract,
  sum,
} from "#domain/units.ts";
import { availableMemory, noReserves } from "#engine/headroom.ts";
import { after, killable, type Peer, type PeerShot } from "./peer.ts";

/** What systemd-oomd remembers between its timers. */
export interface OomdState {
  readonly swapTimer: Milliseconds;
  readonly pressureTimer: Milliseconds;
  /** Since when pressure has been above its limit. */
  readonly hitSince: Milliseconds | undefined;
  /** How many pages reclaim had scanned at the last look, and when that last grew. */
  readonly scanned: number;
  readonly reclaimedAt: Milliseconds | undefined;
  readonly quietUntil: Milliseconds;
}

/** SwapUsedLimit= and the memory that goes with it. */
const usedLimit = percent(90);
/** Nobody with less of all swap than that is worth killing. @see oomd-manager.h: THRESHOLD_SWAP_USED_PERCENT */
const worthwhile = percent(5);
/** DefaultMemoryPressureLimit= and DefaultMemoryPressureDurationSec=. */
const pressureLimit = percent(60);
const pressureLasts = seconds(30);
/** @see oomd-manager.h: SWAP_INTERVAL_USEC, MEM_PRESSURE_INTERVAL_USEC */
const swapInterval = milliseconds(150);
const pressureInterval = seconds(1);
/** @see oomd-manager.h: RECLAIM_DURATION_USEC, POST_ACTION_DELAY_USEC */
const reclaimLasts = seconds(30);
const postActionDelay = seconds(15);

const never = milliseconds(0);
const nobody: readonly PeerShot[] = [];

/**
 * systemd-oomd 252–261 with its own defaults, enrolled as Fedora and Ubuntu did: the swap rule for all of the machine, the
 * pressure rule for the slice of the users. It kills whole cgroups. Pressure and page scans of a single cgroup are not told by
 * the port: the machine's `full` stands for the slice (nearly all that runs is in it), and resident memory for the share of
 * the scans (reclaim scans cgroups by their size). Left out: preferences, rule sets, prekill hooks.
 */
export const systemdOomd: Peer<OomdState> = {
  name: "systemd-oomd",
  needs: ["meminfo", "pressure", "vmstat"],
  begin: {
    swapTimer: never,
    pressureTimer: never,
    hitSince: undefined,
    scanned: 0,
    reclaimedAt: undefined,
    quietUntil: never,
  },
  step(snapshot, before) {
    const at = snapshot.takenAt;
    const state = atLeast(at, before.pressureTimer) ? followPressure(snapshot, before) : before;
    const cause = dueCause(snapshot, state);
    if (cause !== undefined && snapshot.processes === undefined) {
      return { shots: nobody, state: before, next: at, needs: ["meminfo", "pressure", "vmstat", "processes"] };
    }
    const next: OomdState = {
      ...state,
      swapTimer: atLeast(at, state.swapTimer) ? after(snapshot, swapInterval) : state.swapTimer,
      pressureTimer: atLeast(at, state.pressureTimer) ? after(snapshot, pressureInterval) : state.pressureTimer,
      quietUntil: cause === "pressure" ? after(snapshot, postActionDelay) : state.quietUntil,
    };
    return {
      shots: cause === undefined ? nobody : killWorst(snapshot, cause),
      state: next,
      next: least(next.swapTimer, next.pressureTimer),
      needs: systemdOomd.needs,
    };
  },
};

/** @see oomd-util.c: oomd_pressure_above */
function followPressure(snapshot: Snapshot, state: OomdState): OomdState {
  const pressure: Pressure | undefined = knownValue(snapshot.pressure);
  const vmstat = knownValue(snapshot.vmstat);
  const scanned = vmstat === undefined ? 0 : vmstat.scannedByKswapd + vmstat.scannedDirectly;
  const isAbove = pressure !== undefined && below(pressureLimit, pressure.full.average10);
  return {
    ...state,
    hitSince: isAbove ? (state.hitSince ?? snapshot.takenAt) : undefined,
    scanned,
    reclaimedAt: scanned > state.scanned ? snapshot.takenAt : state.reclaimedAt,
  };
}

/** Which rule calls for a kill at this wake-up. */
function dueCause(snapshot: Snapshot, state: OomdState): "swap" | "pressure" | undefined {
  const at = snapshot.takenAt;
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo !== undefined && atLeast(at, state.swapTimer) && isSwapRuleMet(meminfo)) return "swap";
  if (!atLeast(at, state.pressureTimer) || below(at, state.quietUntil)) return undefined;
  const isLasting = state.hitSince !== undefined && atLeast(subtract(at, state.hitSince), pressureLasts);
  const hasReclaimed = state.reclaimedAt !== undefined && !below(reclaimLasts, subtract(at, state.reclaimedAt));
  return isLasting && hasReclaimed ? "pressure" : undefined;
}

/** Both memory and swap are used beyond the limit. @see oomd-util.h: oomd_mem_available_below, oomd_swap_free_below */
function isSwapRuleMet(meminfo: Meminfo): boolean {
  const { total, swapTotal, swapFree } = meminfo;
  const usedMemory = share(lessened(total, availableMemory(meminfo, noReserves)), total);
  return below(usedLimit, usedMemory) && below(usedLimit, share(lessened(swapTotal, swapFree), swapTotal));
}

interface Leaf {
  readonly path: CgroupPath;
  readonly members: readonly PeerShot[];
  readonly resident: KiB;
  readonly swap: KiB;
}

/** SIGKILL to everybody in the worst leaf. @see oomd-util.c: oomd_select_by_swap_usage, oomd_select_by_pgscan_rate */
export function killWorst(snapshot: Snapshot, cause: "swap" | "pressure"): readonly PeerShot[] {
  const swapTotal = knownValue(snapshot.meminfo)?.swapTotal ?? kib(0);
  const threshold = percentOf(worthwhile, swapTotal);
  const candidates = leaves(snapshot).filter(({ path, swap }) =>
    cause === "swap" ? below(threshold, swap) : path.startsWith("/user.slice/"),
  );
  const weigh = (leaf: Leaf) => (cause === "swap" ? leaf.swap : leaf.resident);
  const worst = candidates.reduce<Leaf | undefined>(
    (best, leaf) => (best === undefined || below(weigh(best), weigh(leaf)) ? leaf : best),
    undefined,
  );
  return worst?.members ?? nobody;
}

/** The cgroups that hold processes; the root is none that could be killed. */
function leaves(snapshot: Snapshot): readonly Leaf[] {
  const byPath = new Map<CgroupPath, Leaf>();
  for (const { identity, memory, traits } of killable(snapshot)) {
    const path = traits.cgroup;
    if (path === undefined || path === "/" || memory === undefined) continue;
    const leaf = byPath.get(path) ?? { path, members: [], resident: kib(0), swap: kib(0) };
    byPath.set(path, {
      path,
      members: [...leaf.members, { victim: identity, signal: "SIGKILL", reapsAtOnce: false }],
      resident: sum([leaf.resident, memory.rss]),
      swap: add(leaf.swap, memory.swap),
    });
  }
  return [...byPath.values()];
}
