import {
  add,
  initPid,
  type KiB,
  kibToPages,
  least,
  milliseconds,
  oomScoreAdjMin,
  pagesToKiB,
  scale,
  subtract,
} from "#domain/units.ts";
import { signal } from "./exit.ts";
import { chargeOf } from "./holdings.ts";
import type { Kernel } from "./kernel.ts";
import type { Memcg } from "./memcg.ts";
import { isOnItsWayOut, isThere, type SimulatedProcess } from "./process.ts";
import { swapTotalOf } from "./swap-space.ts";

/** The kernel gives a victim 2 s and about one more for its reaper before it looks for another. @see mm/oom_kill.c: OOM_REAPER_DELAY */
const victimTime = milliseconds(3000);
const reaperDelay = milliseconds(2000);

/** The last resort: one victim of `oom_badness`, and no other while that one is on its way. @see mm/oom_kill.c: out_of_memory */
export function invokeOomKiller(kernel: Kernel): void {
  if (kernel.hasPanicked || isVictimInFlight(kernel)) return;
  const victim = selectBadProcess(kernel.processes, wholeMachine(kernel));
  if (victim === undefined) {
    kernel.hasPanicked = true;
    kernel.events.push({ at: kernel.now, kind: "kernel-panicked" });
    return;
  }
  kernel.kernelVictim = { process: victim, since: kernel.now };
  // Whoever dies already is only waited for: no message, no kill.
  if (!isOnItsWayOut(victim.mm)) killVictim(kernel, victim, wholeMachine(kernel));
}

/** The same inside a memcg: only its members can be chosen, and its limit is all there is. @see mm/memcontrol.c: mem_cgroup_out_of_memory */
export function invokeMemcgOomKiller(kernel: Kernel, memcg: Memcg): void {
  const { victim: last, members, events, script } = memcg;
  if (last !== undefined && isThere(last)) return;
  const swap = least(script.swapMax ?? swapTotalOf(kernel), swapTotalOf(kernel));
  const scope = scopeOf(kernel, add(script.max ?? kernel.scenario.ram, swap));
  const victim = selectBadProcess([...members], scope);
  events.oom += 1;
  memcg.victim = victim;
  if (victim === undefined || isOnItsWayOut(victim.mm)) return;
  events.oomKill += 1;
  killVictim(kernel, victim, scope);
}

function killVictim(kernel: Kernel, victim: SimulatedProcess, scope: Scope): void {
  kernel.counters.oomKills += 1;
  const { identity, comm } = victim;
  const badness = badnessOf(victim, scope);
  kernel.events.push({ at: kernel.now, kind: "kernel-oom-kill", identity, comm, badness });
  for (const user of [...victim.mm.users]) signal(kernel, user, { signal: "SIGKILL", by: "kernel" });
}

/** What `oom_score_adj` is measured against. */
interface Scope {
  readonly perThousandth: KiB;
}

/** A thousandth of all there is, cut to whole pages as the kernel's division does. */
function scopeOf({ scenario: { pageSize } }: Kernel, total: KiB): Scope {
  return { perThousandth: pagesToKiB(kibToPages(scale(total, 1 / 1000), pageSize), pageSize) };
}

const wholeMachine = (kernel: Kernel): Scope => scopeOf(kernel, add(kernel.scenario.ram, swapTotalOf(kernel)));

/** The kernel's reaper comes 2 s after the kill, if there is anything left to take. @see mm/oom_kill.c: oom_reaper */
export function runOomReaper(kernel: Kernel): void {
  if (!isVictimInFlight(kernel)) kernel.kernelVictim = undefined;
  const victim = kernel.kernelVictim;
  if (victim === undefined || subtract(kernel.now, victim.since) < reaperDelay) return;
  const { mm } = victim.process;
  if (!mm.isDetached) mm.reaping ??= { by: "kernel", since: kernel.now };
}

function isVictimInFlight({ kernelVictim, now }: Kernel): boolean {
  if (kernelVictim === undefined) return false;
  const { process, since } = kernelVictim;
  return process.mm.users.size > 0 && !process.mm.isReaped && subtract(now, since) < victimTime;
}

/** The last of equals wins. @see mm/oom_kill.c: oom_evaluate_task, since Linux 5.3 */
function selectBadProcess(processes: readonly SimulatedProcess[], scope: Scope): SimulatedProcess | undefined {
  let chosen: SimulatedProcess | undefined;
  let worst = Number.NEGATIVE_INFINITY;
  for (const process of processes) {
    if (!isKillable(process)) continue;
    const badness = badnessOf(process, scope);
    if (badness < worst) continue;
    chosen = process;
    worst = badness;
  }
  return chosen;
}

const isKillable = ({ identity, isKernelThread, script, mm }: SimulatedProcess): boolean =>
  identity.pid !== initPid &&
  !isKernelThread &&
  script.oomScoreAdj !== oomScoreAdjMin &&
  !mm.isDetached &&
  !mm.isReaped;

/** @see mm/oom_kill.c: oom_badness */
function badnessOf({ mm, script }: SimulatedProcess, { perThousandth }: Scope): KiB {
  return add(chargeOf(mm), scale(perThousandth, script.oomScoreAdj));
}
