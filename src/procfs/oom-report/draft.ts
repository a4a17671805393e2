import type { OomReaped, OomTask, OomVictim, OomZone } from "#domain/oom-report.ts";
import { type Finding, type OomFacts, type RecordKind, type Stage, stages, type TableLayout } from "./finding.ts";

const mostTasks = 65_536;
const mostZones = 4096;
const mostKilled = 65_536;

/** A report that is being read. */
export interface Draft {
  readonly firstLine: number;
  lastLine: number;
  /** The farthest part that was reached. */
  stage: Stage;
  hasHeader: boolean;
  facts: OomFacts;
  layout?: TableLayout;
  /** The heading had something before it, so a row without is the rest of one. */
  isTablePrefixed: boolean;
  /** Rows may follow. */
  isTableOpen: boolean;
  /** Something of the table is missing. */
  isTableDamaged: boolean;
  readonly zones: OomZone[];
  readonly nodes: Set<number>;
  readonly tasks: OomTask[];
  readonly pids: Set<number>;
  tasksLeftOut: number;
  killed?: OomVictim;
  readonly alsoKilled: OomVictim[];
  reaped?: OomReaped;
}

/** Nothing known yet. */
export const beginDraft = (firstLine: number): Draft => ({
  firstLine,
  lastLine: firstLine,
  stage: "header",
  hasHeader: false,
  facts: {},
  isTablePrefixed: false,
  isTableOpen: false,
  isTableDamaged: false,
  zones: [],
  nodes: new Set(),
  tasks: [],
  pids: new Set(),
  tasksLeftOut: 0,
  alsoKilled: [],
});

/** Adds what a record says; `finding` is undefined for one that cannot be read. */
export function addFinding(draft: Draft, { stage }: RecordKind, finding: Finding | undefined): void {
  moveOn(draft, stage);
  if (stage === "header") draft.hasHeader = true;
  if (finding !== undefined) add(draft, finding);
  else if (stage === "row" || stage === "table") draft.isTableDamaged = true;
}

function add(draft: Draft, finding: Finding): void {
  switch (finding.kind) {
    case "facts":
      draft.facts = mergeFacts(draft.facts, finding.facts);
      return;
    case "zone":
      addNode(draft, finding.zone.node);
      if (draft.zones.length < mostZones) draft.zones.push(finding.zone);
      return;
    case "zone-part":
      addToZone(draft, finding);
      return;
    case "node":
      addNode(draft, finding.node);
      return;
    case "table":
      draft.layout = finding.layout;
      draft.isTableOpen = true;
      return;
    case "row":
      addTask(draft, finding.task);
      return;
    case "killed":
      addKilled(draft, finding.victim);
      draft.facts = mergeFacts(draft.facts, finding.facts);
      return;
    case "reaped":
      if (isReapedHere(draft, finding.reaped)) draft.reaped ??= finding.reaped;
  }
}

const rank = (stage: Stage): number => stages.indexOf(stage);

/** Parts come in one order. Whatever comes inside the table and is no row ends it; what should have come before shows that lines were moved. */
function moveOn(draft: Draft, stage: Stage): void {
  const isInTable = draft.isTableOpen && stage !== "row";
  if (isInTable && rank(stage) < rank("row")) draft.isTableDamaged = true;
  if (isInTable && rank(stage) > rank("row")) draft.isTableOpen = false;
  if (stage === "row" && !draft.isTableOpen) draft.isTableDamaged = true;
  if (rank(stage) > rank(draft.stage)) draft.stage = stage;
}

/** The first word on a thing is kept. The constraint is the last word's: the search itself states it after its surroundings do. */
function mergeFacts(before: OomFacts, more: OomFacts): OomFacts {
  const constraint = more.constraint ?? before.constraint;
  const ending = more.ending === "panicked" ? more.ending : (before.ending ?? more.ending);
  return {
    ...more,
    ...before,
    ...(constraint && { constraint }),
    ...(ending && { ending }),
    ...(more.memcg && { memcg: { ...more.memcg, ...before.memcg } }),
    ...(more.totals && { totals: { ...more.totals, ...before.totals } }),
  };
}

function addNode({ nodes }: Draft, node: number): void {
  if (nodes.size < mostZones) nodes.add(node);
}

function addToZone(draft: Draft, { zone, part }: Extract<Finding, { kind: "zone-part" }>): void {
  const at =
    zone === undefined
      ? draft.zones.length - 1
      : draft.zones.findLastIndex(({ node, name }) => node === zone.node && name === zone.name);
  const found = draft.zones[at];
  if (found !== undefined) draft.zones[at] = { ...part, ...found };
}

/** A pid is in the table once: a second row shows that lines were repeated. */
function addTask(draft: Draft, task: OomTask): void {
  if (draft.pids.has(task.pid)) draft.isTableDamaged = true;
  else if (draft.tasks.length < mostTasks) draft.tasks.push(task);
  else draft.tasksLeftOut++;
  if (draft.pids.size < mostTasks) draft.pids.add(task.pid);
}

function addKilled(draft: Draft, victim: OomVictim): void {
  const isKnown = [draft.killed, ...draft.alsoKilled].some((known) => known?.pid === victim.pid);
  if (isKnown || draft.alsoKilled.length >= mostKilled) return;
  if (draft.killed === undefined) draft.killed = victim;
  else draft.alsoKilled.push(victim);
}

/** The reaper speaks of earlier victims too. Where no victim is known, it names one. */
function isReapedHere({ killed, facts }: Draft, { pid }: OomReaped): boolean {
  const victim = killed ?? facts.named ?? facts.choice;
  return victim === undefined || victim.pid === pid;
}
