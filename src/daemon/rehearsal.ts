import type { Decision } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import { describeFailure } from "#domain/system-error.ts";
import { add, below, greatest, type Milliseconds, type Pid, scale, seconds, subtract } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { encodeJson } from "#journal/encode-json.ts";
import type { Sacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import { keptJournal } from "./kept-journal.ts";
import { beginLoop, type LoopState, type Turn, turn } from "./loop.ts";
import { emergencyOf, isAbout, stageFor, withLedger } from "./rehearsal-stage.ts";

/** How a rehearsal went. */
export type RehearsalEnding =
  | { readonly kind: "killed"; readonly took: Milliseconds }
  /** Nobody may be killed here, or not by us. */
  | { readonly kind: "refused"; readonly why: string }
  /** It says nothing about what we may: the machine was too slow, or somebody else got in between. */
  | { readonly kind: "inconclusive"; readonly why: string };

/** A kill from beginning to end, look by look: looks of real life go between. Giving it up kills the child. */
export interface Rehearsal extends Disposable {
  /** When it would look next; never so soon that it takes much of a machine that keeps it waiting. */
  readonly dueAt: Milliseconds;
  /** Makes one look, with what is decided there. Undefined: it is not over. @throws SystemError */
  look(): RehearsalEnding | undefined;
  /** Whether the child is gone. */
  isBuried(): boolean;
}

/** What a rehearsal is made of. */
export interface RehearsalMeans {
  readonly machine: Machine;
  readonly plan: Plan;
  /** @throws SystemError when there can be no child */
  readonly makeSacrifice: () => Sacrifice;
}

/** A shell that waits dies in a millisecond; on an emulated machine that others keep busy, one look alone takes seconds. */
const patience = seconds(30);
/** The next look of a rehearsal comes no sooner than after this share of the time it has taken so far. */
const hesitation = 1 / 8;

/**
 * Begins a kill of a child that is there for it: chosen, signalled, reaped, seen gone, written down. It proves that the machine lets
 * us, and runs the code that the next kill will need on what it will meet: the loop, the engine, the policy and the rules are those of
 * every day, and everybody is judged and ranked. Only that the child ranks first is staged, and that no decision reaches anybody else.
 * @throws SystemError when there can be no child
 */
export function beginRehearsal({ machine, plan, makeSacrifice }: RehearsalMeans): Rehearsal {
  const sacrifice = makeSacrifice();
  const startedAt = machine.now();
  const journal = keptJournal({ keep: encodeJson, now: () => machine.now(), wallTime: Date.now });
  const emergency = emergencyOf(plan, sacrifice.pid);
  const hasEnded = () => sacrifice.hasEnded();
  const stage = stageFor({ machine, plan, child: sacrifice.pid, hasEnded, emergency });
  const parts = { machine: stage, journal, plan: () => emergency };
  let state: LoopState = beginLoop(parts);
  let hasBegun = false;
  let held: Identity | undefined;
  let isReleased = false;

  const took = (): Milliseconds => subtract(machine.now(), startedAt);
  const unlessTooSlow = (why: string): RehearsalEnding | undefined =>
    below(took(), patience) ? undefined : { kind: "inconclusive", why };
  const heed = ({ verdict: { decisions } }: Turn): void => {
    for (const decision of decisions) {
      if (decision.kind === "signal" && isAbout(sacrifice.pid, decision)) held = decision.victim.identity;
      if (decision.kind === "release") isReleased = true;
    }
  };
  const endingAfter = (done: Turn): RehearsalEnding | undefined => {
    if (sacrifice.hasDied() && isReleased) return { kind: "killed", took: took() };
    const isOver = sacrifice.hasEnded() && (held === undefined || !sacrifice.hasDied());
    if (isOver) return { kind: "inconclusive", why: "the child ended by itself" };
    const why = objectionIn(done, sacrifice.pid);
    if (why !== undefined) return { kind: "refused", why };
    return unlessTooSlow(describeSlowness(held));
  };

  return {
    get dueAt() {
      return greatest(state.next.at, add(machine.now(), scale(took(), hesitation)));
    },
    look() {
      if (!hasBegun) {
        state = { ...state, engine: withLedger(state.engine, { machine, plan }) };
        hasBegun = true;
        return undefined;
      }
      if (!sacrifice.hasOwnMemory()) return unlessTooSlow("the child had no memory of its own yet");
      const done = turn(parts, state);
      state = done;
      heed(done);
      return endingAfter(done);
    },
    isBuried: () => sacrifice.hasEnded(),
    [Symbol.dispose]() {
      if (held !== undefined && !isReleased) machine.act({ kind: "release", victim: held });
      sacrifice[Symbol.dispose]();
    },
  };
}

/** A whole rehearsal, with nothing between its looks: for programs that watch nothing. @throws SystemError */
export async function rehearseKill(means: RehearsalMeans): Promise<RehearsalEnding> {
  using rehearsal = beginRehearsal(means);
  for (;;) {
    const ending = rehearsal.look();
    if (ending !== undefined) return ending;
    await means.machine.wait(rehearsal.dueAt);
  }
}

const describeSlowness = (held: Identity | undefined): string =>
  held === undefined ? "nobody was chosen yet" : "the signal was accepted, and the child had not died yet";

/** What stands against the kill in one turn. */
function objectionIn({ verdict: { decisions, findings }, outcomes }: Turn, child: Pid): string | undefined {
  const isNobodyThere = findings.some((finding) => finding.kind === "kill-withheld" && finding.why === "no-candidate");
  if (isNobodyThere || !decisions.every((decision) => isAbout(child, decision))) {
    return "the child was not eligible; is its oom_score_adj -1000, and out of our reach?";
  }
  return decisions.flatMap((decision, index) => refusalOf(decision, outcomes[index]) ?? [])[0];
}

/** Who is gone, or another by now, was not refused to us. */
function refusalOf({ kind }: Decision, outcome: Outcome | undefined): string | undefined {
  if ((kind !== "signal" && kind !== "escalate") || outcome?.kind !== "refused") return undefined;
  const { why, failure } = outcome;
  if (why === "gone" || why === "identity-changed") return undefined;
  return failure === undefined ? why : describeFailure(failure);
}
