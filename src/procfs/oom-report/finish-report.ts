import type { OomConstraint, OomReport, OomVictim } from "#domain/oom-report.ts";
import type { Draft } from "./draft.ts";
import { known } from "./words.ts";

const bytesPerKib = 1024;

/** The report as far as it was read; undefined if nothing in it is about a kill: Mem-Info has other readers too. */
export function finishReport(draft: Draft): OomReport | undefined {
  const { facts, layout, killed } = draft;
  const { named, constraint: _, ...stated } = facts;
  const isAboutKill =
    draft.hasHeader ||
    layout !== undefined ||
    [named, facts.choice, killed, draft.reaped, facts.ending, facts.groupKilled, facts.memcg].some(Boolean);
  if (!isAboutKill) return undefined;
  const isTableComplete = isWholeTable(draft);
  return {
    firstLine: draft.firstLine,
    lastLine: draft.lastLine,
    ...stated,
    ...known({ constraint: constraintOf(draft), victim: victimOf(draft), reaped: draft.reaped }),
    zones: draft.zones,
    tasks: draft.tasks,
    isTableComplete,
    ...(draft.tasksLeftOut > 0 && { tasksLeftOut: draft.tasksLeftOut }),
    alsoKilled: draft.alsoKilled,
    isComplete:
      facts.trigger !== undefined && isTableComplete && (named ?? facts.choice) !== undefined && killed !== undefined,
  };
}

const isWholeTable = ({ layout, isTableOpen, isTableDamaged, tasks, tasksLeftOut }: Draft): boolean =>
  layout !== undefined && !isTableOpen && !isTableDamaged && tasks.length > 0 && tasksLeftOut === 0;

function victimOf({ killed, facts: { named, choice }, tasks }: Draft): OomVictim | undefined {
  if (killed === undefined) return named ?? (choice && { pid: choice.pid, name: choice.name });
  const row = tasks.find(({ pid }) => pid === killed.pid);
  // Linux 5.4.0 to 5.4.8 print bytes and call them kB.
  const isInBytes = row?.pgtablesBytes !== undefined && row.pgtablesBytes === killed.pgtablesKib;
  return isInBytes ? { ...killed, pgtablesKib: row.pgtablesBytes / bytesPerKib } : killed;
}

/**
 * Before Linux 5.0 nothing states the constraint. Nodes that the report knows of, and the allocation could not use, tell it;
 * with a choice line and no such node, there was none.
 */
function constraintOf({ facts, nodes, zones }: Draft): OomConstraint | undefined {
  if (facts.constraint !== undefined) return facts.constraint;
  if (facts.choice === undefined || facts.named !== undefined || zones.length + (facts.ramPages ?? 0) === 0)
    return undefined;
  if (isBeyond(nodes, facts.nodemask)) return "memory-policy";
  return isBeyond(nodes, facts.memsAllowed) ? "cpuset" : "none";
}

/** Whether there are nodes that a list leaves out. */
function isBeyond(nodes: ReadonlySet<number>, list: string | undefined): boolean {
  if (list === undefined) return false;
  const ranges = list.split(",").map((range) => range.split("-").map(Number));
  return [...nodes].some((node) => !ranges.some(([from = 0, to = from]) => from <= node && node <= to));
}
