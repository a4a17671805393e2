import type { Account } from "#daemon/autopsy/account.ts";
import type { Family } from "#daemon/autopsy/families.ts";
import { choosePerPolicy } from "#daemon/autopsy/policy-choices.ts";
import { present } from "#daemon/present.ts";
import type { OomReport, OomTask } from "#domain/oom-report.ts";
import type { KiB, Percent } from "#domain/units.ts";

/** One row of the table, with the names of its columns and their units. */
export interface TaskView {
  readonly pid: number;
  readonly tgid: number;
  readonly uid: number;
  readonly total_vm_pages: number;
  readonly rss_pages: number;
  readonly rss_anon_pages?: number;
  readonly rss_file_pages?: number;
  readonly rss_shmem_pages?: number;
  readonly swapents_pages?: number;
  readonly pgtables_bytes?: number;
  readonly nr_ptes?: number;
  readonly nr_pmds?: number;
  readonly oom_score_adj?: number;
  readonly oom_adj?: number;
  readonly name: string;
}

/** Tasks of one name, added up. */
export interface FamilyView {
  readonly name: string;
  readonly processes: number;
  /** The only one, when it is one. */
  readonly pid?: number;
  readonly rss_kib: KiB;
  readonly swap_kib?: KiB;
  readonly share_of_table_percent: Percent;
  /** The victim is one of them. */
  readonly has_victim: boolean;
  /** None of them could be chosen. */
  readonly is_protected: boolean;
}

/** Whom one policy takes. */
export interface PolicyView {
  readonly policy: string;
  readonly pid?: number;
  readonly name?: string;
  readonly badness_kib?: KiB;
  readonly terms_kib?: Readonly<Record<string, KiB>>;
  readonly returns_kib?: KiB;
  /** The report does not tell anonymous memory from files: all that is resident was taken for anonymous. */
  readonly is_split_guessed: boolean;
}

/** One row. */
export const viewTask = (task: OomTask): TaskView => ({
  pid: task.pid,
  tgid: task.tgid,
  uid: task.uid,
  total_vm_pages: task.totalVmPages,
  rss_pages: task.rssPages,
  ...present({
    rss_anon_pages: task.rssAnonPages,
    rss_file_pages: task.rssFilePages,
    rss_shmem_pages: task.rssShmemPages,
    swapents_pages: task.swapentsPages,
    pgtables_bytes: task.pgtablesBytes,
    nr_ptes: task.ptePages,
    nr_pmds: task.pmdPages,
    oom_score_adj: task.oomScoreAdj,
    oom_adj: task.oomAdj,
  }),
  name: task.name,
});

/** One family. */
export function viewFamily(
  family: Family,
  { report, sizeOfPages, sizeOfFamily, shareOfTable, isProtected }: Account,
): FamilyView {
  const { tasks, swapPages } = family;
  return {
    name: family.name,
    processes: tasks.length,
    ...present({
      pid: tasks.length === 1 ? tasks[0]?.pid : undefined,
      swap_kib: swapPages === undefined ? undefined : sizeOfPages(swapPages),
    }),
    rss_kib: sizeOfPages(family.rssPages),
    share_of_table_percent: shareOfTable(sizeOfFamily(family)),
    has_victim: tasks.some(({ pid }) => pid === report.victim?.pid),
    is_protected: tasks.every(isProtected),
  };
}

/** Whom each of our policies takes. */
export const viewPolicies = (report: OomReport): readonly PolicyView[] =>
  choosePerPolicy(report).map(({ policy, task, badness, returns, isSplitGuessed }) => ({
    policy,
    ...present({
      pid: task?.pid,
      name: task?.name,
      badness_kib: badness?.total,
      terms_kib: badness && Object.fromEntries(badness.terms.map(({ name, value }) => [name, value])),
      returns_kib: returns,
    }),
    is_split_guessed: isSplitGuessed,
  }));
