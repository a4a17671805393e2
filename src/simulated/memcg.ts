import { add, type CgroupPath, type KiB, kib, lessened } from "#domain/units.ts";
import { anonOf, filesOf, pageTablesOf, swappedOf } from "./holdings.ts";
import type { SimulatedProcess } from "./process.ts";
import { type PsiMonitor, startPsi } from "./psi.ts";
import type { CgroupScript } from "./scenario.ts";

/** A cgroup with limits, and those who live in it or below it. */
export interface Memcg {
  readonly script: CgroupScript;
  readonly members: Set<SimulatedProcess>;
  readonly psi: PsiMonitor;
  /** memory.events */
  readonly events: { max: number; oom: number; oomKill: number };
  /** Whom the kernel killed in it last. */
  victim: SimulatedProcess | undefined;
}

/** The cgroups of a scenario, before anybody is in them. */
export const makeMemcgs = (scripts: readonly CgroupScript[]): readonly Memcg[] =>
  scripts.map((script) => ({
    script,
    members: new Set(),
    psi: startPsi(),
    events: { max: 0, oom: 0, oomKill: 0 },
    victim: undefined,
  }));

/** Whether a cgroup is that one, or below it. */
export const isWithin = (path: CgroupPath, above: CgroupPath): boolean =>
  path === above || path.startsWith(above.endsWith("/") ? above : `${above}/`);

/** A process enters the cgroups its script names. */
export function enterMemcgs(memcgs: readonly Memcg[], process: SimulatedProcess): void {
  for (const { script, members } of memcgs) if (isWithin(process.script.cgroup, script.path)) members.add(process);
}

/** A process has gone. */
export function leaveMemcgs(memcgs: readonly Memcg[], process: SimulatedProcess): void {
  for (const { members } of memcgs) members.delete(process);
}

function totalOf({ members }: Memcg, pick: (process: SimulatedProcess) => KiB): KiB {
  let total = kib(0);
  for (const process of members) if (process.mm.owner === process) total = add(total, pick(process));
  return total;
}

/** Program text is charged to whoever read it first, which is nobody here. */
const ownFilesOf = (process: SimulatedProcess): KiB => filesOf({ ...process.mm, program: undefined });

/** memory.current */
export const usageOf = (memcg: Memcg): KiB =>
  totalOf(memcg, (process) => add(add(anonOf(process.mm), ownFilesOf(process)), pageTablesOf(process)));

/** memory.swap.current */
export const memcgSwapOf = (memcg: Memcg): KiB => totalOf(memcg, ({ mm }) => swappedOf(mm));

/** Files of it that could be dropped. */
export const memcgFilesOf = (memcg: Memcg): KiB => totalOf(memcg, ownFilesOf);

/** What its members may still grow by before they reclaim from each other. */
export const marginOf = (memcg: Memcg): KiB | undefined =>
  memcg.script.max === undefined ? undefined : lessened(memcg.script.max, usageOf(memcg));
