import type { OomReport, OomTask } from "#domain/oom-report.ts";
import { oomScoreAdj } from "#domain/units.ts";

/** A row of a modern table; what is not given is small and ordinary. */
export const aRow = (
  pid: number,
  { adj = 0, ...fields }: Partial<OomTask> & { readonly adj?: number } = {},
): OomTask => ({
  pid,
  tgid: pid,
  uid: 1000,
  totalVmPages: 10_000,
  rssPages: 100,
  pgtablesBytes: 0,
  swapentsPages: 0,
  oomScoreAdj: oomScoreAdj(adj),
  name: `task-${pid}`,
  ...fields,
});

/** The columns of Linux 3.7 to 3.18. */
export function anOldRow(pid: number, fields: Partial<OomTask> & { readonly adj?: number } = {}): OomTask {
  const { pgtablesBytes: _, ...row } = aRow(pid, fields);
  return { ptePages: 0, ...row };
}

/** The columns of Linux 2.6.36 to 3.6: neither swap nor page tables. */
export function anAncientRow(pid: number, fields: Partial<OomTask> & { readonly adj?: number } = {}): OomTask {
  const { swapentsPages: _, ptePages: __, ...row } = anOldRow(pid, fields);
  return row;
}

/** A global report of Linux 6.1 on 4 GiB without swap: a million pages, so that one step of oom_score_adj is 1000. */
export const anOomReport = (report: Partial<OomReport> = {}): OomReport => ({
  firstLine: 1,
  lastLine: 100,
  kernelRelease: "6.1.0-test",
  constraint: "none",
  zones: [],
  tasks: [],
  isTableComplete: true,
  alsoKilled: [],
  ramPages: 1_000_000,
  reservedPages: 0,
  totalSwapKib: 0,
  freeSwapKib: 0,
  isComplete: true,
  ...report,
});

/** Whom the kernel killed, of a table. */
export const killed = (pid: number): NonNullable<OomReport["victim"]> => ({
  pid,
  name: `task-${pid}`,
  totalVmKib: 40_000,
  anonRssKib: 400,
  fileRssKib: 0,
});
