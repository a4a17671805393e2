import type { Badness } from "#domain/candidate.ts";
import type { OomReport, OomTask } from "#domain/oom-report.ts";
import { add, type Bytes, bytes, bytesToKiB, type KiB, oomScoreAdj, pid, startTicks, uid } from "#domain/units.ts";
import { defaultOptions, type Policy, type Scope, type ScoredProcess } from "#engine/define-policy.ts";
import { adjOf, pageTablePages } from "#engine/rejudge/points.ts";
import { findTotalPages, pageSizeOf } from "#engine/rejudge/total-pages.ts";
import { policies } from "#policies/catalogue.ts";
import { printedPages } from "./sizes.ts";

/** Whom one policy takes from the table of a report. */
export interface PolicyChoice {
  readonly policy: string;
  /** Undefined: nobody is eligible. */
  readonly task?: OomTask;
  readonly badness?: Badness;
  readonly returns?: KiB;
  /** The report does not tell anonymous memory from files: all that is resident is taken for anonymous. */
  readonly isSplitGuessed: boolean;
}

const protectedAdj = -1000;

/** Numbers a damaged report may hold, and no process has. */
const isSound = ({ pid: id, tgid, rssPages, totalVmPages }: OomTask): boolean =>
  [id, tgid, rssPages, totalVmPages].every((n) => Number.isSafeInteger(n) && n >= 0) && id > 0 && tgid > 0;

const isSplit = ({ rssAnonPages }: OomTask): boolean => rssAnonPages !== undefined;

/** A row as a policy sees a process. What nobody asks a row for (parent, state) has the value that decides nothing. */
function toProcess(task: OomTask, pageSize: Bytes): ScoredProcess {
  const size = (count: number): KiB => printedPages(Math.max(0, count), pageSize);
  const { pgtablesBytes, rssPages, rssAnonPages = rssPages, rssFilePages = 0, rssShmemPages = 0 } = task;
  return {
    identity: { pid: pid(task.tgid), startTicks: startTicks(0) },
    parent: undefined,
    comm: task.name,
    uid: task.uid < 0 ? undefined : uid(task.uid),
    state: "unknown",
    threads: 1,
    isKernelThread: false,
    isDying: false,
    oomScoreAdj: oomScoreAdj(Math.min(1000, Math.max(protectedAdj, adjOf(task)))),
    memory: {
      virtual: size(task.totalVmPages),
      rss: size(rssPages),
      // The table of a report is printed from the very counters the score is made of.
      counted: size(rssPages),
      anon: size(rssAnonPages),
      file: size(rssFilePages),
      shmem: size(rssShmemPages),
      swap: size(task.swapentsPages ?? 0),
      pageTables:
        pgtablesBytes === undefined
          ? size(pageTablePages(task, pageSize))
          : bytesToKiB(bytes(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, pgtablesBytes)))),
    },
    traits: { exe: undefined, cmdline: undefined, cgroup: undefined },
  };
}

/** A row that may be chosen, as a task and as a process. */
interface Row {
  readonly task: OomTask;
  readonly process: ScoredProcess;
}

function choose(policy: Policy, rows: readonly Row[], scope: Scope): PolicyChoice {
  const options = defaultOptions(policy.options);
  let best: (Row & { readonly badness: Badness }) | undefined;
  for (const { task, process } of rows) {
    const badness = policy.score(process, scope, options);
    // The youngest of equals, as the engine ranks: rows are in the order of age.
    if (best === undefined || badness.total >= best.badness.total) best = { task, process, badness };
  }
  const isSplitGuessed = rows.some(({ task }) => !isSplit(task));
  if (best === undefined) return { policy: policy.name, isSplitGuessed };
  const { anon, swap, pageTables } = best.process.memory;
  return {
    policy: policy.name,
    task: best.task,
    badness: best.badness,
    returns: add(add(anon, swap), pageTables),
    isSplitGuessed,
  };
}

/** Whom each of our policies would have chosen, with default options and without rules. None without a table. */
export function choosePerPolicy(report: OomReport): readonly PolicyChoice[] {
  if (report.tasks.length === 0) return [];
  const pageSize = pageSizeOf(report);
  const total = printedPages(findTotalPages(report).pages, pageSize);
  const eligible = report.tasks.filter((task) => isSound(task) && adjOf(task) !== protectedAdj);
  const rows = eligible.map((task) => ({ task, process: toProcess(task, pageSize) }));
  return policies.map((policy) => choose(policy, rows, { total, pageSize }));
}
