import type { Alarm } from "#domain/alarm.ts";
import type { Withheld } from "#domain/finding.ts";
import { identityKey } from "#domain/identity.ts";
import type { ProcessTable } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, below, type Milliseconds } from "#domain/units.ts";
import type { Judgement } from "./appraise.ts";
import { beginKill, recentKills } from "./begin-kill.ts";
import { isBeyondDoubt } from "./beyond-doubt.ts";
import { chooseAtOnce } from "./choose-at-once.ts";
import { boundsOf, type Choice, chooseVictim, groupsSeen, type Question, type Seen } from "./choose-victim.ts";
import { findAmong } from "./eligibility.ts";
import type { EngineState } from "./engine-state.ts";
import { callsForVictim } from "./evidence.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { judge, standardsOf } from "./judge.ts";
import { type Blame, findBlame } from "./kill-unit.ts";
import { giveUpSession, isGuarded } from "./last-resort.ts";
import { isMemoryReturning } from "./memory-returning.ts";
import { isWaitingForGivers } from "./notify-givers.ts";
import { type RefusedGroup, refuseGroups } from "./oom-group.ts";
import { pickBranch } from "./pick-branch.ts";
import { isHelpedFromElsewhere } from "./scope-state.ts";
import { type Context, type Step, stay, then } from "./step.ts";

/** States the reason for not choosing, once for each alarm. */
function withhold(state: EngineState, alarm: Alarm, why: Withheld): Step {
  if (state.withheldSaid.has(why)) return stay(state);
  return {
    decisions: [],
    findings: [{ kind: "kill-withheld", alarm, why }],
    state: { ...state, withheldSaid: new Set([...state.withheldSaid, why]) },
  };
}

/** Searching is dear: after a search in vain the next one waits. */
function searchLater(state: EngineState, { alarm, at, plan }: Question, why: Withheld): Step {
  const step = withhold(state, alarm, why);
  return { ...step, state: { ...step.state, searchNotBefore: add(at, plan.pacing.calm) } };
}

function whyNotNow(state: EngineState, question: Question): Withheld | undefined {
  const { alarm, at, plan } = question;
  if (isHelpedFromElsewhere(state)) return "victim-elsewhere";
  if (isWaitingForGivers(state, question)) return "givers-asked";
  if (alarm.kind !== "exhausted" && below(at, state.coolDownUntil)) return "cool-down";
  return recentKills(state, at, plan.kill).length >= plan.kill.budget ? "budget-spent" : undefined;
}

/** Says once under each alarm of which groups nobody can be chosen, and why. */
function sayRefused(state: EngineState, refused: readonly RefusedGroup[]): Step {
  const news = refused.filter(({ path }) => !state.refusedGroups.has(path));
  if (news.length === 0) return stay(state);
  return {
    decisions: [],
    findings: news.map(({ path, because: { identity, comm } }) => ({
      kind: "group-refused",
      path,
      because: { identity, comm },
    })),
    state: { ...state, refusedGroups: new Set([...state.refusedGroups, ...news.map(({ path }) => path)]) },
  };
}

/** Identities that are gone need not be remembered. */
function forgetGone(state: EngineState, table: ProcessTable): EngineState {
  if (state.skipped.size === 0) return state;
  const present = findAmong(table.processes, state.skipped);
  return { ...state, skipped: new Set(present.map(({ identity }) => identityKey(identity))) };
}

/** What families held before is told of the whole machine: of a memcg it would say too much. */
const ledgerFor = ({ ledger }: EngineState, { memcg }: Context): FamilyLedger | undefined =>
  memcg === undefined ? ledger : undefined;

/** When nobody else is left, those the machine refused are tried again later: what failed may have failed for a moment only. */
const forgetRefused = (state: EngineState): EngineState => ({ ...state, refused: new Set() });

function choose(before: EngineState, { table, bounds }: Seen, question: Question): Step {
  const { alarm, plan } = question;
  const state = table.unread === undefined ? forgetGone({ ...before, needsWholeTable: false }, table) : before;
  if (isMemoryReturning(state, { table, members: bounds.members }, question)) {
    return withhold(state, alarm, "memory-returning");
  }
  const atOnce = chooseAtOnce(state, { table, bounds }, question);
  if (atOnce !== undefined) return begin(state, atOnce, question);
  const passedOver = new Set([...state.skipped, ...state.refused]);
  const basis = { ...bounds, skipped: passedOver };
  const judgements = judge(table, basis, plan);
  const blameAmong = (some: readonly Judgement[]) => findBlame(some, ledgerFor(state, question), question);
  const found = search(state, question, { judged: judgements, blameAmong });
  const { choice } = found;
  // Who left somebody out of a table that was to be whole has nothing more to tell.
  if (!state.needsWholeTable && !isBeyondDoubt({ choice, table, total: bounds.total }, state, question)) {
    return stay({ ...state, needsWholeTable: true });
  }
  if (choice !== undefined || !judgements.some(isGuarded)) return conclude(state, found, question);
  if (!mayGiveUpSession(state, question)) return searchLater(forgetRefused(state), question, "only-session");
  const judged = giveUpSession(judgements, standardsOf(table, bounds, plan));
  return conclude(state, search(state, question, { judged, blameAmong: blameAlone }), question);
}

/** Whoever was refused may have been refused for a moment only: while there is time it is tried again before the session is given up. */
const mayGiveUpSession = ({ refused }: EngineState, { alarm, plan }: Question): boolean =>
  plan.guard.lastResort && (alarm.kind === "exhausted" || refused.size === 0);

/** What a search found, and which groups were left out of it. */
interface Found {
  readonly choice: Choice | undefined;
  readonly refused: readonly RefusedGroup[];
}

function search(state: EngineState, question: Question, { judged, blameAmong }: Searched): Found {
  const marked = refuseGroups(judged, groupsSeen(question), state.scope);
  const picked = pickBranch(marked.judgements, state.branches, question);
  const choice = chooseVictim(picked?.blame ?? blameAmong(marked.judgements), question);
  return { choice, refused: [...marked.refused, ...(picked?.refused ?? [])] };
}

/** Among whom a search looks, and how it finds who is to blame. */
interface Searched {
  readonly judged: readonly Judgement[];
  blameAmong(judgements: readonly Judgement[]): Blame;
}

/** Nobody takes his family along: one part of the session may be enough. */
const blameAlone = (judgements: readonly Judgement[]): Blame => ({ judgements, unitOf: () => undefined });

const conclude = (state: EngineState, { choice, refused }: Found, question: Question): Step =>
  then(sayRefused(state, refused), (next) =>
    choice === undefined ? searchLater(forgetRefused(next), question, "no-candidate") : begin(next, choice, question),
  );

function begin(state: EngineState, chosen: Choice, question: Question): Step {
  const choice = state.program === undefined ? chosen : withoutProgram(chosen);
  return { decisions: [choice.decision], findings: [], state: beginKill(state, question, choice) };
}

/** One program at a time: who is chosen while another runs is signalled. */
function withoutProgram(choice: Choice): Choice {
  if (choice.decision.kind !== "signal") return choice;
  const { program: _, ...decision } = choice.decision;
  return { ...choice, decision };
}

/** A kill ended at this very look: what the look saw was not yet seen with its memory back, and calls for nothing. */
const hasJustConcluded = ({ concludedAt }: EngineState, at: Milliseconds): boolean => concludedAt === at;

/** Whether this look may begin a kill at all. */
function mayBegin(state: EngineState, { evidence, memcg, at }: Context): boolean {
  const { alarm } = evidence;
  if (alarm === undefined || alarm.kind === "approaching") return false;
  const isSweeping = state.sweep !== undefined && !state.sweep.isClear && memcg === undefined;
  return state.inFlight === undefined && !isSweeping && !hasJustConcluded(state, at);
}

/** Chooses a victim when the alarm calls for one, nothing speaks against it, and the table has been read. */
export function answerAlarm(state: EngineState, context: Context): Step {
  const { alarm } = context.evidence;
  if (alarm === undefined || !mayBegin(state, context)) return stay(state);
  if (!callsForVictim(alarm)) return withhold(state, alarm, "recovering");
  const question: Question = { ...context, alarm };
  const why = whyNotNow(state, question);
  if (why !== undefined) return withhold(state, alarm, why);
  const { processes } = context.snapshot;
  if (processes === undefined || lacksBranches(context)) return stay(state);
  const table = knownValue(processes);
  const bounds = boundsOf(context);
  if (table === undefined || bounds === undefined) return searchLater(state, question, "table-unavailable");
  return choose(state, { table, bounds }, question);
}

/** A cgroup is to be chosen, and nobody asked what there is inside. */
const lacksBranches = ({ plan, snapshot }: Context): boolean =>
  plan.byBranch !== undefined && snapshot.branches === undefined;

/** Whether the process table is wanted at once: a victim is to be chosen, and the snapshot has no table, or too little of it. */
export function wantsTable(state: EngineState, context: Context): boolean {
  const { alarm } = context.evidence;
  const isRead = context.snapshot.processes !== undefined && !lacksBranches(context);
  const isEnough = isRead && !state.needsWholeTable;
  if (isEnough || !mayBegin(state, context) || !callsForVictim(alarm)) return false;
  return !below(context.at, state.searchNotBefore) && whyNotNow(state, { ...context, alarm }) === undefined;
}
