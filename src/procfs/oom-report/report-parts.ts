import type { OomReport } from "#domain/oom-report.ts";
import { addFinding, beginDraft, type Draft } from "./draft.ts";
import type { Finding, OomFacts, RecordKind } from "./finding.ts";
import { finishReport } from "./finish-report.ts";
import type { Message } from "./prefix.ts";
import { beginRecord, closeRecord, continueRecord, type OpenRecord, type Place } from "./records.ts";

/** So many lines without a word of the report, and it was cut. A list of slabs may come in between. */
const longestSilence = 1000;
/** So many lines after a kill, and what the reaper says is not of it. */
const longestAftermath = 100_000;

/** Sorts records into reports. */
export interface ReportParts {
  /** Whether any line may belong to a report; otherwise only those with an anchor do. */
  isListening(): boolean;
  add(message: Message, place: Place): void;
  /** The log is over. */
  end(): void;
  /** The reports finished since the last call. */
  takeFinished(): readonly OomReport[];
}

/** No report begun. */
export function makeReportParts(): ReportParts {
  const finished: OomReport[] = [];
  let draft: Draft | undefined;
  let record: OpenRecord | undefined;

  const finishDraft = (): void => {
    const report = draft && finishReport(draft);
    if (report !== undefined) finished.push(report);
    draft = undefined;
  };

  const finishRecord = (): void => {
    if (record === undefined) return;
    const { kind, firstLine, lastLine, hasPrefix } = record;
    const finding = kind.read(closeRecord(record), draft?.layout);
    record = undefined;
    if (draft === undefined && finding === undefined && kind.stage !== "header") return;
    if (draft !== undefined && beginsAnother(draft, kind, finding)) finishDraft();
    draft ??= beginDraft(firstLine);
    addFinding(draft, kind, finding);
    if (finding?.kind === "table") draft.isTablePrefixed = hasPrefix;
    draft.lastLine = lastLine;
  };

  /** What is not of the report. */
  const endure = (within: Draft, message: Message, { line }: Place): void => {
    if (isGapInTable(within, message)) within.isTableDamaged = true;
    if (line - within.lastLine > (isOver(within) ? longestAftermath : longestSilence)) finishDraft();
  };

  return {
    isListening: () => record !== undefined || (draft !== undefined && !isOver(draft)),
    add(message, place) {
      const begun = beginRecord(message, place);
      const longer = begun ?? (record && continueRecord(record, { ...message, ...place }, draft?.layout));
      const isLonger = begun === undefined && longer !== undefined;
      if (!isLonger) finishRecord();
      record = longer;
      if (longer === undefined && draft !== undefined) endure(draft, message, place);
    },
    end() {
      finishRecord();
      finishDraft();
    },
    takeFinished: () => finished.splice(0),
  };
}

/** Whether all that may still come has an anchor in every line. */
const isOver = ({ killed, reaped, facts }: Draft): boolean =>
  killed !== undefined || reaped !== undefined || facts.ending !== undefined;

/** Whether a record belongs to the next report. */
function beginsAnother(draft: Draft, { stage }: RecordKind, finding: Finding | undefined): boolean {
  if (stage === "header") return true;
  if ((stage === "memcg" || stage === "memory") && isDecided(draft)) return true;
  switch (finding?.kind) {
    case "killed":
      return !finding.isSharer && isOtherKill(draft, finding.victim.pid);
    case "reaped":
      return false;
    case "table":
      return isOver(draft) || draft.layout !== undefined;
    case "facts":
      return isOtherFact(draft, finding.facts);
    default:
      return isOver(draft);
  }
}

/** Whether the search came to a result, behind which nothing is said of its surroundings. */
const isDecided = ({ facts, stage }: Draft): boolean =>
  stage === "verdict" || facts.named !== undefined || facts.choice !== undefined;

/** A search has one choice and one result. Once it is over, what a search says is of the next. */
function isOtherFact(draft: Draft, { named, choice, ending, groupKilled }: OomFacts): boolean {
  if (named !== undefined && draft.facts.named !== undefined) return true;
  if (choice !== undefined && draft.facts.choice !== undefined) return true;
  if (ending !== undefined) return draft.killed !== undefined;
  return groupKilled === undefined && isOver(draft);
}

/** One decision has one `Killed process` line, unless the whole memory cgroup goes, or a child has the memory too. */
function isOtherKill({ killed, reaped, facts, layout, hasHeader }: Draft, pid: number): boolean {
  if (facts.groupKilled !== undefined) return false;
  if (killed !== undefined) return killed.pid !== pid;
  const isOnlyMemory = !hasHeader && layout === undefined && facts.named === undefined && facts.choice === undefined;
  return reaped !== undefined || facts.ending !== undefined || (isOnlyMemory && facts.memcg === undefined);
}

/** Whether something shows that rows are missing: an author's dots, lost messages, the rest of a wrapped row. */
function isGapInTable({ isTableOpen, isTablePrefixed }: Draft, { text, hasPrefix }: Message): boolean {
  if (!isTableOpen || text === "") return false;
  const isElision =
    /^(?:\[?\.\.\.|\[?…|[[<]?snip|[[<]?cut)|messages? (?:dropped|suppressed|lost)|callbacks suppressed|[Mm]issed \d/.test(
      text,
    );
  return isElision || (isTablePrefixed && !hasPrefix);
}
