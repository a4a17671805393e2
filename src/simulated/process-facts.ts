import type { ProcessFacts, ProcessState, ProcessTable } from "#domain/process.ts";
import { add, type KiB, kib, kibToPages, pagesToKiB, sum, uid } from "#domain/units.ts";
import { anonOf, filesOf, pageTablesOf, swappedOf } from "./holdings.ts";
import type { Kernel } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { ticksAt } from "./spawn.ts";

/** The process table. `isPressing` leaves out what takes locks of a process. */
export function tableOf(kernel: Kernel, isPressing: boolean): ProcessTable {
  return {
    self: kernel.self.pid,
    processes: kernel.processes.map((process) => factsOf(kernel, process, isPressing)),
    isComplete: true,
    readAt: ticksAt(kernel.now),
  };
}

function factsOf({ scenario }: Kernel, process: SimulatedProcess, isPressing: boolean): ProcessFacts {
  const { identity, comm, parent, script, mm, isKernelThread, isDying } = process;
  process.isAcquainted ||= !isPressing;
  const inPages = (amount: KiB): KiB => pagesToKiB(kibToPages(amount, scenario.pageSize), scenario.pageSize);
  const [anon, file, swap] = [inPages(anonOf(mm)), inPages(filesOf(mm)), inPages(swappedOf(mm))];
  const pageTables = inPages(pageTablesOf(process));
  const rss = add(anon, file);
  return {
    identity,
    parent,
    comm,
    uid: script.uid ?? uid(0),
    state: stateOf(process),
    threads: script.threads ?? 1,
    leadsTerminal: script.leadsTerminal ?? false,
    isKernelThread,
    isDying,
    oomScoreAdj: script.oomScoreAdj,
    memory:
      isKernelThread || mm.isDetached
        ? undefined
        : { virtual: sum([rss, swap]), rss, counted: rss, anon, file, shmem: kib(0), swap, pageTables },
    traits: {
      exe: isKernelThread ? undefined : script.exe,
      // Reading arguments takes a lock of the process: they are remembered from the last look that was in no hurry.
      cmdline: process.isAcquainted && !isKernelThread ? script.cmdline : undefined,
      cgroup: script.cgroup,
    },
  };
}

function stateOf({ isKernelThread, isDying, isStopped, fortune }: SimulatedProcess): ProcessState {
  if (isKernelThread) return "idle";
  if (isDying) return "running";
  if (isStopped) return "stopped";
  if (fortune.stalled > 0.5) return "uninterruptible";
  return fortune.busy > 0.5 ? "running" : "sleeping";
}
