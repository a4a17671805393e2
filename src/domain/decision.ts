import type { Alarm } from "./alarm.ts";
import type { BranchChoice } from "./branch.ts";
import type { Candidate } from "./candidate.ts";
import type { Giver, GiverDecision } from "./giver.ts";
import type { Identity } from "./identity.ts";
import type { Quiet } from "./quiet.ts";
import type { FactName } from "./snapshot.ts";
import type { CgroupPath, Milliseconds } from "./units.ts";

/** What a victim can be sent: SIGKILL ends it, all others ask it to end, SIGTERM unless a rule says another. */
export const signals = [
  "SIGTERM",
  "SIGKILL",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGABRT",
  "SIGUSR1",
  "SIGUSR2",
] as const satisfies readonly string[];
/** One of {@link signals}. */
export type Signal = (typeof signals)[number];

/** Processes that may use the victim's very memory, so that it stays until they die as well. The machine finds the truth out (kcmp). */
export interface MemorySharers {
  readonly suspects: readonly Identity[];
  /** Suspects that must live: if one of them does share the memory, the victim is refused. */
  readonly protectedSuspects: readonly Identity[];
}

/** Those who die with a victim, in the same breath. */
export type DyingGroup = {
  readonly members: readonly Identity[];
  /**
   * A memcg that holds victim and members and nobody who has to live: where the kernel can, it is killed at one stroke, with
   * whoever is born in it meanwhile. Absent: there is none.
   */
  readonly whole?: CgroupPath;
} & (
  | {
      /** The others of a memcg that dies as a whole: it is marked so (`memory.oom.group`), or our settings say so. */
      readonly kind: "memcg";
      readonly path: CgroupPath;
    }
  | {
      /** The others of its application. */
      readonly kind: "app";
    }
  | {
      /** The others of its family. */
      readonly kind: "family";
      /** As the engine names it; it says nothing outside of it. */
      readonly name: string;
    }
);

/** One thing to do. */
export type Decision = VictimDecision | GiverDecision;

/** Why a victim is not left to what it was asked. */
export type Escalation = "grace-over" | "exhausted" | "program-failed";

/** One thing to do about a victim. */
export type VictimDecision =
  | {
      readonly kind: "signal";
      readonly signal: Signal;
      readonly victim: Candidate;
      /** Present: it asks the victim to leave, and the signal is not sent. It is a giver as far as its reports go, and its end. */
      readonly program?: Giver;
      /** `process_mrelease` right after SIGKILL, in the same thread; otherwise a `reap` follows when its grace is over. */
      readonly reapsAtOnce: boolean;
      readonly sharers: MemorySharers;
      /** Absent: nobody but the victim and who shares its memory is signalled. */
      readonly group?: DyingGroup;
      /** Present exactly when one of several cgroups had to be chosen first. */
      readonly branch?: BranchChoice;
      readonly alarm: Alarm;
      /** The best candidates, worst badness first; the victim is among them. */
      readonly ranking: readonly Candidate[];
      /** How many processes were eligible. */
      readonly eligible: number;
    }
  /** The victim was asked to end before, and lives. */
  | {
      readonly kind: "escalate";
      /** Absent: SIGKILL. */
      readonly signal?: Signal;
      readonly victim: Candidate;
      readonly reapsAtOnce: boolean;
      readonly why: Escalation;
      /** The evidence of now: without any, the victim would be spared. */
      readonly alarm: Alarm;
    }
  /** The best candidate is dying already: watch it as a victim, with all who share its memory, and signal nothing. */
  | {
      readonly kind: "adopt";
      readonly victim: Candidate;
      readonly sharers: MemorySharers;
      readonly alarm: Alarm;
    }
  /** Give the memory of a victim back that SIGKILL did not end in time. */
  | { readonly kind: "reap"; readonly victim: Identity }
  /** Close what is held for a victim: its story is over, or it is skipped. */
  | { readonly kind: "release"; readonly victim: Identity };

/** When to look again, and at what. */
export interface NextLook {
  /** Now or earlier means at once. */
  readonly at: Milliseconds;
  readonly needs: readonly FactName[];
  /** Nothing may be read that can hang on a victim's locks (`cmdline`, `environ`, `maps`, `smaps`). */
  readonly isPressing: boolean;
  /** While this holds the look need not be taken. Absent: it is taken when it is due. */
  readonly quiet?: Quiet;
  /**
   * The process table is to be kept current until the next look. A look that needs it reads again only who leads and who is
   * new, and may leave out who cannot matter. Absent: it is read whole, however long that takes.
   */
  readonly keepsTable?: boolean;
  /** The memcgs to tell of, by paths from the root of their hierarchy; `*` stands for any part of one name. Absent: none. */
  readonly watch?: readonly string[];
  /** Those of them that are to be told with the cgroups inside. Absent: none. */
  readonly descend?: readonly string[];
}
