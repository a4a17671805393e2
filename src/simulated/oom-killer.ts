import {
  initPid,
  type KiB,
  kibToPages,
  milliseconds,
  oomScoreAdjMin,
  pagesToKiB,
  scale,
  subtract,
  sum,
} from "#domain/units.ts";
import { signal } from "./exit.ts";
import { type Kernel, pageTablesOf } from "./kernel.ts";
import { isOnItsWayOut, type SimulatedProcess } from "./process.ts";
import { swapSizeOf } from "./scenario.ts";

/** The kernel gives a victim 2 s and about one more for its reaper before it looks for another. @see mm/oom_kill.c: OOM_REAPER_DELAY */
const victimTime = milliseconds(3000);
const reaperDelay = milliseconds(2000);

/** The last resort: one victim of `oom_badness`, and no other while that one is on its way. @see mm/oom_kill.c: out_of_memory */
export function invokeOomKiller(kernel: Kernel): void {
  if (kernel.hasPanicked || isVictimInFlight(kernel)) return;
  const victim = selectBadProcess(kernel);
  if (victim === undefined) {
    kernel.hasPanicked = true;
    kernel.events.push({ at: kernel.now, kind: "kernel-panicked" });
    return;
  }
  kernel.kernelVictim = { process: victim, since: kernel.now };
  // Whoever dies already is only waited for: no message, no kill.
  if (isOnItsWayOut(victim.mm)) return;
  kernel.counters.oomKills += 1;
  const { identity, comm } = victim;
  kernel.events.push({
    at: kernel.now,
    kind: "kernel-oom-kill",
    identity,
    comm,
    badness: badnessOf(kernel, victim),
  });
  for (const user of [...victim.mm.users]) signal(kernel, user, { signal: "SIGKILL", by: "kernel" });
}

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
function selectBadProcess(kernel: Kernel): SimulatedProcess | undefined {
  let chosen: SimulatedProcess | undefined;
  let worst = Number.NEGATIVE_INFINITY;
  for (const process of kernel.processes) {
    if (!isKillable(process)) continue;
    const badness = badnessOf(kernel, process);
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
function badnessOf({ scenario }: Kernel, process: SimulatedProcess): KiB {
  const { mm, script } = process;
  const owned = sum([mm.anon, mm.files, mm.swapped, pageTablesOf(process)]);
  // Cut to whole pages, as the kernel's division does.
  const perThousandth = pagesToKiB(
    kibToPages(scale(sum([scenario.ram, swapSizeOf(scenario)]), 1 / 1000), scenario.pageSize),
    scenario.pageSize,
  );
  return sum([owned, scale(perThousandth, script.oomScoreAdj)]);
}
