import type {
  OomChoice,
  OomConstraint,
  OomMemcg,
  OomReaped,
  OomReport,
  OomTask,
  OomTotals,
  OomTrigger,
  OomVictim,
  OomZone,
} from "#domain/oom-report.ts";

/** The order in which the kernel writes the parts of a report. */
export const stages = ["header", "trace", "memcg", "memory", "table", "row", "verdict", "kill", "after"] as const;

/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/** One message of the kernel, put together again where a pager wrapped it. */
export interface LogRecord {
  /** With a blank where lines were put together: how mail wraps. */
  readonly spaced: string;
  /** With nothing between: how terminals wrap. */
  readonly tight: string;
  /** Its end is missing, because the log ends there. */
  readonly isCut: boolean;
}

/** Single facts of a report. The first that says a thing is believed. */
export interface OomFacts {
  readonly kernelRelease?: string;
  readonly trigger?: OomTrigger;
  readonly memsAllowed?: string;
  readonly nodemask?: string;
  readonly constraint?: OomConstraint;
  readonly memcg?: OomMemcg;
  readonly totals?: OomTotals;
  readonly ramPages?: number;
  readonly reservedPages?: number;
  readonly totalSwapKib?: number;
  readonly freeSwapKib?: number;
  readonly choice?: OomChoice;
  /** Whom the `oom-kill:` line names. */
  readonly named?: OomVictim;
  readonly victimMemcg?: string;
  readonly isAllocatingTaskKilled?: true;
  readonly groupKilled?: string;
  readonly ending?: NonNullable<OomReport["ending"]>;
}

/** Columns of the task table as its heading names them, pid and name left out. */
export type TableLayout = readonly string[];

/** What one record adds to a report. */
export type Finding =
  | { readonly kind: "facts"; readonly facts: OomFacts }
  | { readonly kind: "zone"; readonly zone: OomZone }
  /** Of the zone before, or of the zone it names. */
  | {
      readonly kind: "zone-part";
      readonly zone?: Pick<OomZone, "node" | "name">;
      readonly part: Pick<OomZone, "protectionPages" | "freeBlocks">;
    }
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "table"; readonly layout: TableLayout }
  | { readonly kind: "row"; readonly task: OomTask }
  | { readonly kind: "killed"; readonly victim: OomVictim; readonly facts: OomFacts; readonly isSharer: boolean }
  | { readonly kind: "reaped"; readonly reaped: OomReaped };

/** One kind of record: how it begins, whether it goes on in the next line, and what it says. */
export interface RecordKind {
  readonly stage: Stage;
  begins(text: string): boolean;
  /** Whether `next` belongs to it, seen that `next` begins nothing of its own. Kinds without it are never wrapped. */
  goesOn?(text: string, next: string, layout?: TableLayout): boolean;
  /** Undefined if it is damaged. `layout` is that of the table it stands in. */
  read(record: LogRecord, layout?: TableLayout): Finding | undefined;
}
