import { type UnusualSysctl, unusualSysctls } from "#daemon/unusual-sysctls.ts";
import type { AlarmKind, Watermark } from "#domain/alarm.ts";
import type { Signal } from "#domain/decision.ts";
import type { Pressure } from "#domain/pressure.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, type KiB, lessened, type Percent } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import { type Evidence, weigh } from "#engine/evidence.ts";
import {
  availableMemory,
  currentReserves,
  measureHeadroom,
  noReserves,
  totalMemory,
  userMemory,
} from "#engine/headroom.ts";
import { judge, rank } from "#engine/judge.ts";
import type { Plan } from "#engine/plan.ts";
import type { Sightings } from "#engine/raise-alarm.ts";
import { machineScope } from "#engine/scopes.ts";
import type { AlarmFields, ReasonFields, VictimFields } from "#journal/field-groups.ts";
import { alarmFields, reasonFields, victimFields } from "#journal/tell.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import { type GiverView, viewGivers } from "./giver-view.ts";
import type { Looks } from "./look-twice.ts";
import { type MemcgView, viewMemcgs } from "./memcg-view.ts";
import { insist } from "./seen.ts";

/** What tidemark would do about the whole machine if it saw this now. */
export type Answer = "nothing" | "warn" | Signal | "wait-for-dying" | "nobody-eligible";

/** The machine against the watermarks. */
export interface StatusView {
  readonly alarm: AlarmFields | undefined;
  readonly answer: Answer;
  readonly headroom_kib: KiB;
  /** How much headroom may fall before low is reached. */
  readonly above_low_kib: KiB;
  readonly min_kib: KiB;
  readonly low_kib: KiB;
  readonly high_kib: KiB;
  /** All that headroom could ever be: memory that programs can share, and swap. */
  readonly most_headroom_kib: KiB;
  readonly available_kib: KiB;
  readonly ram_kib: KiB;
  readonly swap_free_kib: KiB;
  readonly swap_kib: KiB;
  readonly pressure: PressureView | undefined;
  /** What each detector sees against what it takes. Those that have nothing to go by are missing. */
  readonly evidence: readonly DetectorView[];
  /** Those who would be asked for memory first, in their order. */
  readonly givers: readonly GiverView[];
  readonly policy: string;
  readonly rules: number;
  /** Undefined: the process table could not be read. */
  readonly eligible: number | undefined;
  /** Who would go first, alarm or not. */
  readonly first: VictimFields | undefined;
  /** Settings of the kernel's own OOM killer that are not the default. */
  readonly unusual_sysctls: readonly UnusualSysctl[];
  readonly memcgs: readonly MemcgView[];
}

/** Shares of the last ten seconds, as the kernel averages them. */
export interface PressureView {
  readonly some10_percent: Percent;
  readonly full10_percent: Percent;
}

/** What a detector sees. */
export type DetectorView = ReasonFields & {
  readonly detector: string;
  /** The alarms it is asked for. */
  readonly alarms: readonly AlarmKind[];
  /** What it proves, as deep as a watermark. Absent: nothing. */
  readonly breached?: Watermark;
};

/** What the looks tell. @throws SystemError without meminfo: nothing can be said then */
export function viewStatus(
  { before, now: snapshot }: Looks,
  plan: Plan,
  { oomSysctls }: Pick<Capabilities, "oomSysctls">,
): StatusView {
  const meminfo = insist(snapshot.meminfo, "meminfo");
  const state = stateAfter(before, initialState(snapshot.takenAt), plan);
  const verdict = decide(snapshot, state, plan);
  const pressure = knownValue(snapshot.pressure);
  const reserves = currentReserves(snapshot, noReserves);
  const headroom = measureHeadroom(meminfo, reserves);
  return {
    alarm: verdict.state.alarm === undefined ? undefined : alarmFields(verdict.state.alarm),
    answer: answerOf(verdict),
    headroom_kib: headroom,
    above_low_kib: lessened(headroom, plan.headroom.low),
    min_kib: plan.headroom.min,
    low_kib: plan.headroom.low,
    high_kib: plan.headroom.high,
    most_headroom_kib: add(userMemory(meminfo, reserves), meminfo.swapTotal),
    available_kib: availableMemory(meminfo, reserves),
    ram_kib: meminfo.total,
    swap_free_kib: meminfo.swapFree,
    swap_kib: meminfo.swapTotal,
    pressure: pressure === undefined ? undefined : viewPressure(pressure),
    evidence: viewEvidence(weighMachine(snapshot, state, plan)?.sightings ?? new Map(), plan),
    givers: viewGivers(plan.notify.givers),
    policy: plan.policy.name,
    rules: plan.rules.length,
    ...viewFirst(snapshot, totalMemory(meminfo), plan),
    unusual_sysctls: unusualSysctls(oomSysctls),
    memcgs: viewMemcgs({ ...(before && { before }), now: snapshot }, plan, verdict),
  };
}

function answerOf({ decisions, findings, state }: Verdict): Answer {
  for (const decision of decisions) {
    if (!("alarm" in decision) || decision.alarm.memcg !== undefined) continue;
    if (decision.kind === "signal") return decision.signal;
    if (decision.kind === "adopt") return "wait-for-dying";
  }
  const isWithheld = findings.some((finding) => finding.kind === "kill-withheld" && finding.alarm.memcg === undefined);
  if (isWithheld) return "nobody-eligible";
  return state.alarm === undefined ? "nothing" : "warn";
}

/** What a look proves about the whole machine. Undefined without meminfo. */
function weighMachine(snapshot: Snapshot, state: EngineState, plan: Plan): Evidence | undefined {
  const meminfo = knownValue(snapshot.meminfo);
  return meminfo && weigh(machineScope(state, { snapshot, meminfo, plan }).sight, state, plan);
}

const viewPressure = ({ some, full }: Pressure): PressureView => ({
  some10_percent: some.average10,
  full10_percent: full.average10,
});

/** What the first look leaves to the second: nothing is decided at it. */
function stateAfter(before: Snapshot | undefined, state: EngineState, plan: Plan): EngineState {
  const evidence = before && weighMachine(before, state, plan);
  return evidence === undefined ? state : { ...state, windows: evidence.windows, trend: evidence.trend };
}

const viewEvidence = (sightings: Sightings, { alarms }: Plan): readonly DetectorView[] =>
  [...sightings].map(([detector, { reason, breached }]) => ({
    detector,
    alarms: alarms.filter(({ detectors }) => detectors.includes(detector)).map(({ kind }) => kind),
    ...(breached && { breached }),
    ...reasonFields(reason),
  }));

function viewFirst(snapshot: Snapshot, total: KiB, plan: Plan): Pick<StatusView, "eligible" | "first"> {
  const table = knownValue(snapshot.processes);
  if (table === undefined) return { eligible: undefined, first: undefined };
  const order = rank(judge(table, { total, skipped: new Set() }, plan));
  const [first] = order;
  return { eligible: order.length, first: first === undefined ? undefined : victimFields(first) };
}
