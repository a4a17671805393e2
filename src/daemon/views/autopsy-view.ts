import { type Account, accountFor } from "#daemon/autopsy/account.ts";
import { type Advice, giveAdvice } from "#daemon/autopsy/advice.ts";
import { type GfpReading, readGfpMask } from "#daemon/autopsy/gfp-mask.ts";
import { noteGaps } from "#daemon/autopsy/notes.ts";
import { askedKib } from "#daemon/autopsy/shortage.ts";
import { knownKib, printedKib } from "#daemon/autopsy/sizes.ts";
import { present } from "#daemon/present.ts";
import type { OomReport, OomVictim } from "#domain/oom-report.ts";
import { type Bytes, type KiB, sum } from "#domain/units.ts";
import { rejudge } from "#engine/rejudge/rejudge.ts";
import { pageSizeOf } from "#engine/rejudge/total-pages.ts";
import { type JudgementView, viewJudgement } from "./autopsy-judgement-view.ts";
import {
  type FamilyView,
  type PolicyView,
  type TaskView,
  viewFamily,
  viewPolicies,
  viewTask,
} from "./autopsy-task-view.ts";
import { viewZone, type ZoneView } from "./autopsy-zone-view.ts";

/** A process the kernel killed. */
export interface KilledView {
  readonly pid: number;
  readonly name: string;
  readonly uid?: number;
  readonly total_vm_kib?: KiB;
  readonly anon_rss_kib?: KiB;
  readonly file_rss_kib?: KiB;
  readonly shmem_rss_kib?: KiB;
  /** The sum of the three. */
  readonly rss_kib?: KiB;
  readonly pgtables_kib?: KiB;
  readonly oom_score_adj?: number;
}

/** A report of the kernel's OOM killer, explained. What the report does not contain is absent, never 0. */
export interface AutopsyView {
  readonly first_line: number;
  readonly last_line: number;
  readonly kernel_release?: string;
  readonly constraint?: OomReport["constraint"];
  readonly mems_allowed?: string;
  readonly nodemask?: string;
  readonly trigger?: {
    readonly comm: string;
    readonly gfp_mask: string;
    readonly order: number;
    readonly oom_score_adj?: number;
    readonly oom_adj?: number;
    readonly asked_kib?: KiB;
    readonly gfp: GfpReading;
  };
  readonly memory: {
    readonly page_size_bytes: number;
    readonly ram_kib?: KiB;
    readonly total_swap_kib?: KiB;
    readonly free_swap_kib?: KiB;
    readonly shmem_kib?: KiB;
    readonly slab_reclaimable_kib?: KiB;
    readonly slab_unreclaimable_kib?: KiB;
    readonly file_cache_kib?: KiB;
  };
  readonly memcg?: {
    readonly path?: string;
    readonly usage_kib?: KiB;
    readonly limit_kib?: KiB;
    readonly swap_usage_kib?: KiB;
    readonly swap_limit_kib?: KiB;
    readonly is_swap_limit_of_both?: boolean;
  };
  readonly zones: readonly ZoneView[];
  readonly tasks: readonly TaskView[];
  readonly families: readonly FamilyView[];
  /** Of all tasks, resident and swapped. */
  readonly held_kib?: KiB;
  readonly choice?: { readonly pid: number; readonly name: string; readonly score: number };
  readonly victim?: KilledView;
  readonly also_killed?: readonly KilledView[];
  readonly group_killed?: string;
  readonly reaped?: {
    readonly pid: number;
    readonly name: string;
    readonly anon_rss_kib: KiB;
    readonly file_rss_kib: KiB;
    readonly shmem_rss_kib: KiB;
  };
  readonly ending?: OomReport["ending"];
  readonly judgement: JudgementView;
  readonly policies: readonly PolicyView[];
  readonly advice: readonly Advice[];
  readonly complete: boolean;
  readonly notes: readonly string[];
}

/** Explains one report; `killedBefore` are the victims of the reports before it in the same log. */
export function viewAutopsy(report: OomReport, killedBefore: readonly OomVictim[] = []): AutopsyView {
  const account = accountFor(report);
  const judged = rejudge(report, killedBefore);
  const { trigger, memcg, alsoKilled } = report;
  const pageSize = pageSizeOf(report);
  return {
    first_line: report.firstLine,
    last_line: report.lastLine,
    ...present({
      kernel_release: report.kernelRelease,
      constraint: report.constraint,
      mems_allowed: report.memsAllowed,
      nodemask: report.nodemask,
      trigger: trigger && {
        comm: trigger.comm,
        gfp_mask: trigger.gfpMask,
        order: trigger.order,
        ...present({
          oom_score_adj: trigger.oomScoreAdj,
          oom_adj: trigger.oomAdj,
          asked_kib: askedKib(report, pageSize),
        }),
        gfp: readGfpMask(trigger.gfpMask),
      },
      memcg: memcg && viewMemcg(memcg),
      held_kib: heldKib(account),
      choice: report.choice,
      victim: report.victim && viewKilled(report.victim),
      also_killed: alsoKilled.length === 0 ? undefined : alsoKilled.map(viewKilled),
      group_killed: report.groupKilled,
      reaped: report.reaped && viewReaped(report.reaped),
      ending: report.ending,
    }),
    memory: viewMemory(account, pageSize),
    zones: account.zones.map(viewZone),
    tasks: report.tasks.map(viewTask),
    families: account.families.map((family) => viewFamily(family, account)),
    judgement: viewJudgement(report, judged),
    policies: viewPolicies(report),
    advice: giveAdvice(account),
    complete: report.isComplete,
    notes: noteGaps(report, judged),
  };
}

const heldKib = ({ report, families, sizeOfFamily }: Account): KiB | undefined =>
  report.tasks.length === 0 ? undefined : sum(families.map(sizeOfFamily));

function viewMemory({ report, sizeOfPages }: Account, pageSize: Bytes): AutopsyView["memory"] {
  const { ramPages, reservedPages, totals } = report;
  const size = (count: number | undefined): KiB | undefined => (count === undefined ? undefined : sizeOfPages(count));
  const { activeFilePages, inactiveFilePages } = totals ?? {};
  return {
    page_size_bytes: pageSize,
    ...present({
      ram_kib: size(ramPages === undefined || reservedPages === undefined ? undefined : ramPages - reservedPages),
      total_swap_kib: knownKib(report.totalSwapKib),
      free_swap_kib: knownKib(report.freeSwapKib),
      shmem_kib: size(totals?.shmemPages),
      slab_reclaimable_kib: size(totals?.slabReclaimablePages),
      slab_unreclaimable_kib: size(totals?.slabUnreclaimablePages),
      file_cache_kib: size(
        activeFilePages === undefined || inactiveFilePages === undefined
          ? undefined
          : activeFilePages + inactiveFilePages,
      ),
    }),
  };
}

const viewMemcg = (memcg: NonNullable<OomReport["memcg"]>): NonNullable<AutopsyView["memcg"]> =>
  present({
    path: memcg.path,
    usage_kib: knownKib(memcg.usageKib),
    limit_kib: knownKib(memcg.limitKib),
    swap_usage_kib: knownKib(memcg.swapUsageKib),
    swap_limit_kib: knownKib(memcg.swapLimitKib),
    is_swap_limit_of_both: memcg.isSwapLimitOfBoth,
  });

const viewKilled = (victim: OomVictim): KilledView => ({
  pid: victim.pid,
  name: victim.name,
  ...present({
    uid: victim.uid,
    total_vm_kib: knownKib(victim.totalVmKib),
    anon_rss_kib: knownKib(victim.anonRssKib),
    file_rss_kib: knownKib(victim.fileRssKib),
    shmem_rss_kib: knownKib(victim.shmemRssKib),
    rss_kib: residentOf(victim),
    pgtables_kib: knownKib(victim.pgtablesKib),
    oom_score_adj: victim.oomScoreAdj,
  }),
});

function residentOf({ anonRssKib, fileRssKib, shmemRssKib = 0 }: OomVictim): KiB | undefined {
  return anonRssKib === undefined || fileRssKib === undefined
    ? undefined
    : printedKib(anonRssKib + fileRssKib + shmemRssKib);
}

const viewReaped = (reaped: NonNullable<OomReport["reaped"]>): NonNullable<AutopsyView["reaped"]> => ({
  pid: reaped.pid,
  name: reaped.name,
  anon_rss_kib: printedKib(reaped.anonRssKib),
  file_rss_kib: printedKib(reaped.fileRssKib),
  shmem_rss_kib: printedKib(reaped.shmemRssKib),
});
