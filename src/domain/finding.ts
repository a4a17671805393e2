import type { Alarm, AlarmKind } from "./alarm.ts";
import type { Candidate } from "./candidate.ts";
import type { Giver, GiverEnding, GiverOutput, Unready } from "./giver.ts";
import type { Identity } from "./identity.ts";
import type { MemcgStanding } from "./memcg.ts";
import type { FactName } from "./snapshot.ts";
import type { SystemFailure } from "./system-error.ts";
import type { CgroupPath, KiB, Milliseconds } from "./units.ts";
import type { ReapReport } from "./victim-report.ts";

/** Why an alarm that calls for a victim did not get one at this look. */
export type Withheld =
  /** Headroom is above `low` again, and `high` is not reached yet: no evidence for another kill. */
  | "recovering"
  /** A process is exiting, and headroom rises: what it held is on its way back, without us. */
  | "memory-returning"
  /** Somebody whom another alarm chose is on his way out, and his memory comes back here as well. */
  | "victim-elsewhere"
  | "cool-down"
  /** Those who can give memory back were asked, and have time left. */
  | "givers-asked"
  | "budget-spent"
  | "no-candidate"
  /** Nobody can be chosen but the session, and that is not given up, or not yet. */
  | "only-session"
  | "table-unavailable"
  | "meminfo-unavailable";

/** Why a victim was given up, and the next candidate may be taken. */
export type Skipped =
  | { readonly kind: "refused"; readonly why: string; readonly failure?: SystemFailure }
  /** It lives, although SIGKILL was sent and its time is up. */
  | { readonly kind: "survived" };

/** What came of asking a giver. */
export type GiverResult =
  | { readonly kind: "ended"; readonly ending: GiverEnding; readonly output: GiverOutput }
  | { readonly kind: "timed-out" }
  | { readonly kind: "unready"; readonly why: Unready | "not-reported" };

/** How the chain of givers ended. */
export type ChainEnding =
  /** Nobody has to go. */
  | "enough"
  | "not-enough"
  /** An alarm that cannot wait came up, or the time of all was over. */
  | "cut-short";

/** What the engine noticed: for the journal, not to be acted upon. */
export type Finding =
  | { readonly kind: "alarm-raised"; readonly alarm: Alarm }
  | { readonly kind: "alarm-changed"; readonly from: AlarmKind; readonly alarm: Alarm }
  | {
      readonly kind: "alarm-cleared";
      readonly from: AlarmKind;
      /** As of the alarm. */
      readonly memcg?: CgroupPath;
      readonly lasted: Milliseconds;
      readonly headroom: KiB;
    }
  | { readonly kind: "kill-withheld"; readonly alarm: Alarm; readonly why: Withheld }
  | {
      readonly kind: "victim-exited";
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly reap: ReapReport;
    }
  | {
      readonly kind: "victim-reaped";
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly reap: ReapReport;
    }
  | {
      readonly kind: "memory-back";
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly freed: KiB;
      readonly expected: KiB;
    }
  | {
      readonly kind: "memory-late";
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly freed: KiB;
      readonly expected: KiB;
    }
  | {
      readonly kind: "victim-skipped";
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly skipped: Skipped;
    }
  /** It was asked to end (SIGTERM), it lives, and the shortage is over without it. */
  | { readonly kind: "victim-spared"; readonly victim: Candidate; readonly after: Milliseconds }
  | {
      readonly kind: "giver-answered";
      readonly giver: Giver;
      readonly after: Milliseconds;
      /** What there is more than before it was asked, whoever gave it. */
      readonly freed: KiB;
      readonly result: GiverResult;
    }
  /** What came of asking a victim to leave by a program. */
  | {
      readonly kind: "program-ended";
      readonly program: Giver;
      readonly victim: Candidate;
      readonly after: Milliseconds;
      readonly result: GiverResult;
    }
  | {
      readonly kind: "givers-ended";
      readonly ending: ChainEnding;
      readonly asked: number;
      readonly freed: KiB;
      readonly took: Milliseconds;
      readonly headroom: KiB;
    }
  /** A memcg that would die as a whole (`memory.oom.group`) holds somebody who must live: nobody of it is chosen. */
  | {
      readonly kind: "group-refused";
      readonly path: CgroupPath;
      readonly because: { readonly identity: Identity; readonly comm: string };
    }
  /** How it stands with a memcg that is to be watched: at first, and when that changes. */
  | {
      readonly kind: "memcg-standing";
      /** Its path, or the pattern that fits none. */
      readonly name: string;
      readonly standing: MemcgStanding;
      /** Absent: there is none. */
      readonly limit?: KiB;
    }
  /** Nobody looked for much longer than planned, or the machine was suspended: what was measured before proves nothing. */
  | { readonly kind: "look-missed"; readonly late: Milliseconds; readonly slept: Milliseconds }
  | { readonly kind: "sensor-lost"; readonly fact: FactName; readonly failure: SystemFailure }
  | { readonly kind: "sensor-back"; readonly fact: FactName }
  /** What a process keeps from us by holding its memory locked counts as unknown, and nobody waits for it. */
  | { readonly kind: "read-hung"; readonly failure: SystemFailure }
  /** Processes are hidden from us or could not be understood: the ranking is over a part of them only. */
  | { readonly kind: "table-incomplete"; readonly failure?: SystemFailure };
