import type { Pressure, Stall } from "#domain/pressure.ts";
import {
  add,
  type Microseconds,
  type Milliseconds,
  microseconds,
  milliseconds,
  percent,
  scale,
  subtract,
} from "#domain/units.ts";

/** Averages are kept as the kernel keeps them: 11 bits behind the point. */
const fixedOne = 2048;
/** e^(−2 s/10 s), e^(−2 s/60 s), e^(−2 s/300 s). @see kernel/sched/psi.c: EXP_10s, EXP_60s, EXP_300s */
const decays = [1677, 1981, 2034] as const;
/** 2·HZ + 1 jiffies at HZ=250. @see kernel/sched/psi.c: PSI_FREQ */
const averagePeriod = milliseconds(2004);

interface Line {
  total: Microseconds;
  /** `total` at the end of the last period of the averages. */
  averagedTotal: Microseconds;
  averages: [number, number, number];
}

/** Our trigger: 150 ms of `some` within 2 s, and the window as the kernel slides it. */
interface Trigger {
  readonly threshold: Microseconds;
  readonly window: Milliseconds;
  start: Milliseconds;
  startTotal: Microseconds;
  previousGrowth: Microseconds;
  isPending: boolean;
  lastFired: Milliseconds | undefined;
  lastStall: Milliseconds;
  nextSample: Milliseconds;
}

/** Pressure stall accounting of the machine. */
export interface PsiMonitor {
  readonly some: Line;
  readonly full: Line;
  readonly trigger: Trigger;
  nextAverage: Milliseconds;
  /** The trigger fired, and nobody has been told. */
  hasFired: boolean;
}

const line = (): Line => ({ total: microseconds(0), averagedTotal: microseconds(0), averages: [0, 0, 0] });

/** Accounting from the beginning of a scenario. */
export const startPsi = (): PsiMonitor => ({
  some: line(),
  full: line(),
  trigger: {
    threshold: microseconds(150_000),
    window: milliseconds(2000),
    start: milliseconds(0),
    startTotal: microseconds(0),
    previousGrowth: microseconds(0),
    isPending: false,
    lastFired: undefined,
    lastStall: milliseconds(0),
    nextSample: milliseconds(0),
  },
  nextAverage: averagePeriod,
  hasFired: false,
});

/** Time stalled in one step. */
export interface StallTime {
  readonly some: Microseconds;
  readonly full: Microseconds;
}

/** Adds what was stalled up to `now`. */
export function accountStall(psi: PsiMonitor, stalled: StallTime, now: Milliseconds): void {
  if (stalled.some > 0) noteStall(psi, now);
  psi.some.total = add(psi.some.total, stalled.some);
  psi.full.total = add(psi.full.total, stalled.full);
  while (psi.nextAverage <= now) {
    updateAverages(psi.some);
    updateAverages(psi.full);
    psi.nextAverage = add(psi.nextAverage, averagePeriod);
  }
  if (stalled.some > 0 || psi.trigger.isPending) sampleTrigger(psi, now);
}

/** The first stall after a quiet window begins a new one. @see kernel/sched/psi.c: psi_rtpoll_work */
function noteStall({ trigger, some }: PsiMonitor, now: Milliseconds): void {
  if (now > add(trigger.lastStall, trigger.window)) {
    trigger.start = now;
    trigger.startTotal = some.total;
    trigger.previousGrowth = microseconds(0);
    trigger.nextSample = now;
  }
  trigger.lastStall = now;
}

/** The kernel feeds whole percents into its filter. @see kernel/sched/loadavg.c: calc_load */
function updateAverages(one: Line): void {
  const stalled = subtract(one.total, one.averagedTotal);
  const share = Math.min(100, Math.trunc((stalled * 100) / (averagePeriod * 1000))) * fixedOne;
  one.averagedTotal = one.total;
  for (const [index, decay] of decays.entries()) {
    const old = one.averages[index] ?? 0;
    const rising = share >= old ? fixedOne - 1 : 0;
    one.averages[index] = Math.trunc((old * decay + share * (fixedOne - decay) + rising) / fixedOne);
  }
}

/** At most one firing per window, none lost. @see kernel/sched/psi.c: update_triggers, window_update */
function sampleTrigger(psi: PsiMonitor, now: Milliseconds): void {
  const { trigger } = psi;
  if (now < trigger.nextSample) return;
  trigger.nextSample = add(now, scale(trigger.window, 1 / 10));
  const growth = slideWindow(psi, now);
  if (growth < trigger.threshold && !trigger.isPending) return;
  trigger.isPending = true;
  if (trigger.lastFired !== undefined && now < add(trigger.lastFired, trigger.window)) return;
  psi.hasFired = true;
  trigger.lastFired = now;
  trigger.isPending = false;
}

function slideWindow({ trigger, some }: PsiMonitor, now: Milliseconds): Microseconds {
  const elapsed = subtract(now, trigger.start);
  const growth = subtract(some.total, trigger.startTotal);
  if (elapsed > trigger.window) {
    trigger.start = now;
    trigger.startTotal = some.total;
    trigger.previousGrowth = growth;
    return growth;
  }
  return add(growth, scale(trigger.previousGrowth, (trigger.window - elapsed) / trigger.window));
}

/** What the pressure file says. */
export const pressureOf = (psi: PsiMonitor): Pressure => ({ some: stallOf(psi.some), full: stallOf(psi.full) });

function stallOf({ total, averages: [ten, sixty, threeHundred] }: Line): Stall {
  const shown = (average: number) => percent(Math.trunc((average * 100) / fixedOne) / 100);
  return {
    average10: shown(ten),
    average60: shown(sixty),
    average300: shown(threeHundred),
    total: microseconds(Math.floor(total)),
  };
}
