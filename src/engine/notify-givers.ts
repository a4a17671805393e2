import { type Alarm, isLouder } from "#domain/alarm.ts";
import type { ChainEnding, Finding, GiverResult } from "#domain/finding.ts";
import type { Giver, GiverReport } from "#domain/giver.ts";
import { add, atLeast, kib, lessened, type Milliseconds, subtract } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import { callsForVictim, type Evidence } from "./evidence.ts";
import {
  type AskedGiver,
  chainDeadline,
  type GiverChain,
  givenSince,
  giverDeadline,
  markMemory,
  type NotifyState,
} from "./giver-chain.ts";
import { onceFor } from "./once-for.ts";
import type { NotifyPlan } from "./plan.ts";
import { type Context, type Step, stay, then } from "./step.ts";

/**
 * The counterpart of the kernel's oom_notify_list: those who can give memory back are asked before anybody has to go, one
 * after the other, while there is time.
 * @see mm/oom_kill.c: out_of_memory (blocking_notifier_call_chain)
 */
export function notifyGivers(state: EngineState, context: Context): Step {
  if (state.notify.chain === undefined) return begin(state, context);
  const settled = settleAsked(state, context);
  return then(settled, (next) => goOn(next, context));
}

/** Whether a kill has to wait for those who were asked. Nothing waits longer than the chain's deadline, nor when time is short. */
export function isWaitingForGivers({ notify, trend }: EngineState, context: Context): boolean {
  const { evidence, plan, at } = context;
  if (notify.chain === undefined || !isPatient(evidence.alarm)) return false;
  const left = subtract(chainDeadline(notify.chain, plan.notify), at);
  return left > 0 && hasTime(trend?.fall ?? 0, left, context);
}

/** Louder alarms than `scarce` have no time: somebody is stalled already, or memory is gone. */
const isPatient = (alarm: Alarm | undefined): alarm is Alarm => alarm !== undefined && !isLouder(alarm.kind, "scarce");

/** Whether headroom stays above `min` for so long, at the pace at which it falls (KiB per millisecond). */
const hasTime = (fall: number, span: Milliseconds, { evidence, plan }: Context): boolean =>
  fall <= 0 || fall * span <= lessened(evidence.headroom, plan.headroom.min);

const withNotify = (state: EngineState, change: Partial<NotifyState>): EngineState => ({
  ...state,
  notify: { ...state.notify, ...change },
});

function begin(state: EngineState, context: Context): Step {
  const { evidence, plan, at } = context;
  const { alarm } = evidence;
  if (alarm === undefined) return enlist(state, context);
  if (!mayBegin(state, alarm, context)) return stay(state);
  const chain: GiverChain = {
    since: at,
    alarm,
    asked: undefined,
    left: plan.notify.givers,
    count: 0,
    freed: kib(0),
    wasCalledFor: callsForVictim(alarm),
  };
  return goOn(withNotify(state, { chain }), context);
}

/** In calm those who can be asked are made ready; under pressure nothing is started any more. */
function enlist(state: EngineState, { plan, memcg }: Context): Step {
  const givers = staffOf(plan.notify);
  const { enlisted } = state.notify;
  const isBusy = state.inFlight !== undefined || state.program !== undefined || memcg !== undefined;
  if (isBusy || enlisted === givers) return stay(state);
  const next = withNotify(state, { enlisted: givers });
  if (givers.length === 0 && enlisted?.length === 0) return stay(next);
  return { decisions: [{ kind: "enlist", givers }], findings: [], state: next };
}

/** All who are to be ready: those who are asked for memory, and what rules have run. */
const staffOf: (plan: NotifyPlan) => readonly Giver[] = onceFor(({ givers, programs }: NotifyPlan) =>
  programs.length === 0 ? givers : [...givers, ...programs],
);

/** Once for each alarm and again when it gets louder; never twice within the cool-down. */
function mayBegin({ notify, inFlight, trend }: EngineState, alarm: Alarm, context: Context): boolean {
  const { plan, at } = context;
  const { givers, coolDown, deadline } = plan.notify;
  if (givers.length === 0 || inFlight !== undefined || !isPatient(alarm)) return false;
  if (!hasTime(trend?.fall ?? 0, deadline, context)) return false;
  const { last } = notify;
  if (last === undefined) return true;
  const isNews = last.alarm.since !== alarm.since || isLouder(alarm.kind, last.alarm.kind);
  return isNews && atLeast(at, add(last.endedAt, coolDown));
}

/** Hears what the asked giver has to say, and stops it when its time is up. */
function settleAsked(state: EngineState, context: Context): Step {
  const { chain } = state.notify;
  const { snapshot, evidence } = context;
  if (chain === undefined) return stay(state);
  const next = withNotify(state, { chain: keepLoudest(chain, evidence.alarm) });
  if (chain.asked === undefined) return stay(next);
  const { name } = chain.asked.giver;
  const report = snapshot.givers?.find(({ giver }) => giver === name);
  const result = resultOf(report, chain, context);
  return result === undefined ? stay(next) : conclude(next, { asked: chain.asked, result }, context);
}

const keepLoudest = (chain: GiverChain, alarm: Alarm | undefined): GiverChain => ({
  ...chain,
  alarm: isPatient(alarm) && isLouder(alarm.kind, chain.alarm.kind) ? alarm : chain.alarm,
  wasCalledFor: chain.wasCalledFor || callsForVictim(alarm),
});

/** Undefined: it is still giving, and has time left. */
function resultOf(report: GiverReport | undefined, chain: GiverChain, { plan, at }: Context) {
  switch (report?.kind) {
    case "giving": {
      const isOver = chain.asked !== undefined && atLeast(at, giverDeadline(chain, chain.asked, plan.notify));
      return isOver ? ({ kind: "timed-out" } as const) : undefined;
    }
    case "done":
      return { kind: "ended", ending: report.ending, output: report.output } as const;
    case "unready":
      return { kind: "unready", why: report.why } as const;
    case "rehearsed":
      return "rehearsed";
    case undefined:
      return { kind: "unready", why: "not-reported" } as const;
  }
}

interface Answer {
  readonly asked: AskedGiver;
  readonly result: GiverResult | "rehearsed";
}

function conclude(state: EngineState, { asked, result }: Answer, { evidence, at }: Context): Step {
  const { chain } = state.notify;
  if (chain === undefined) return stay(state);
  const { giver } = asked;
  const freed = givenSince(asked.before, markMemory(evidence));
  const after = subtract(at, asked.at);
  const findings: readonly Finding[] =
    result === "rehearsed" ? [] : [{ kind: "giver-answered", giver, after, freed, result }];
  return {
    decisions: [{ kind: "dismiss", giver }],
    findings,
    state: withNotify(state, { chain: { ...chain, asked: undefined, freed: add(chain.freed, freed) } }),
  };
}

/** Asks the next one, or ends the chain and says how. */
function goOn(state: EngineState, context: Context): Step {
  const { chain } = state.notify;
  if (chain === undefined || chain.asked !== undefined) return stay(state);
  const { evidence, plan, at } = context;
  const { alarm, headroom } = evidence;
  const [giver, ...left] = chain.left;
  const isOver = giver === undefined || atLeast(at, chainDeadline(chain, plan.notify));
  if (isOver || !isPatient(alarm) || hasEnough(chain, alarm) || state.inFlight !== undefined) {
    return end(state, chain, context);
  }
  const wanted = lessened(plan.headroom.high, headroom);
  const asked: AskedGiver = { giver, at, before: markMemory(evidence) };
  return {
    decisions: [{ kind: "ask", giver, alarm, headroom, wanted }],
    findings: [],
    state: withNotify(state, { enlisted: undefined, chain: { ...chain, asked, left, count: chain.count + 1 } }),
  };
}

/** The alarm is over, or nobody is called for any more. */
const hasEnough = (chain: GiverChain, alarm: Alarm | undefined): boolean =>
  alarm === undefined || (chain.wasCalledFor && isPatient(alarm) && !callsForVictim(alarm));

function endingOf(chain: GiverChain, { inFlight }: EngineState, { alarm }: Evidence): ChainEnding {
  if (hasEnough(chain, alarm)) return "enough";
  return isPatient(alarm) && inFlight === undefined && chain.left.length === 0 ? "not-enough" : "cut-short";
}

function end(state: EngineState, chain: GiverChain, { evidence, at }: Context): Step {
  const { since, count, freed, alarm } = chain;
  const ending = endingOf(chain, state, evidence);
  const took = subtract(at, since);
  return {
    decisions: [],
    findings: [{ kind: "givers-ended", ending, asked: count, freed, took, headroom: evidence.headroom }],
    state: withNotify(state, { chain: undefined, last: { endedAt: at, alarm } }),
  };
}
