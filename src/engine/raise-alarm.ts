import { type Alarm, type AlarmKind, isLouder, type Reason, type Watermark } from "#domain/alarm.ts";
import { atLeast, type Milliseconds, subtract } from "#domain/units.ts";
import type { Sighting } from "./define-detector.ts";
import type { AlarmPlan } from "./plan.ts";
import type { ProvenSince, ScopedState } from "./scope-state.ts";
import { reaches } from "./zone.ts";

/** What the detectors made of one look, by their names. Those that had nothing to go by are missing. */
export type Sightings = ReadonlyMap<string, Sighting>;

/** How deep the trouble has to be for an alarm. */
export const watermarkOf: Readonly<Record<AlarmKind, Watermark>> = {
  approaching: "high",
  scarce: "low",
  stalling: "low",
  thrashing: "low",
  exhausted: "min",
};

/** What became of the alarms at one look. */
export interface Raised {
  readonly alarm: Alarm | undefined;
  /** Scarcity has begun and is not over. */
  readonly isScarce: boolean;
  readonly provenSince: ProvenSince;
}

type Proofs = readonly [Reason, ...Reason[]];

interface Claim {
  readonly kind: AlarmKind;
  readonly proofs: Proofs;
}

const asProofs = ([first, ...others]: readonly Reason[]): Proofs | undefined =>
  first === undefined ? undefined : [first, ...others];

/** The reasons for an alarm: of one detector that is enough, or of all that are needed. */
function prove({ kind, when, detectors }: AlarmPlan, sightings: Sightings): Proofs | undefined {
  const reasons = detectors.flatMap((name) => {
    const sighting = sightings.get(name);
    return sighting !== undefined && reaches(sighting.breached, watermarkOf[kind]) ? [sighting.reason] : [];
  });
  if (when === "any") return asProofs(reasons.slice(0, 1));
  return reasons.length === detectors.length ? asProofs(reasons) : undefined;
}

/**
 * kswapd's hysteresis: scarcity begins below `low`, and ends when `high` is reached again.
 * @see mm/vmscan.c: pgdat_balanced
 */
function recover({ detectors }: AlarmPlan, sightings: Sightings): Proofs | undefined {
  const breached = detectors.map((name) => sightings.get(name)).find((sighting) => sighting?.breached !== undefined);
  return breached && [breached.reason];
}

/** The loudest claim becomes the alarm; it keeps the time when trouble began. */
function loudest(claims: readonly Claim[], { state: { alarm, scope }, at }: Scene): Alarm | undefined {
  const [first, ...others] = claims;
  if (first === undefined) return undefined;
  const { kind, proofs } = others.reduce((best, each) => (isLouder(each.kind, best.kind) ? each : best), first);
  const [reason, ...also] = proofs;
  return {
    kind,
    ...(scope !== undefined && { memcg: scope }),
    reason,
    ...(also.length > 0 && { also }),
    since: alarm?.since ?? at,
  };
}

/** What an alarm claims, now that it has been proven since then, or not at all. */
function claim(alarm: AlarmPlan, proven: Proven | undefined, { sightings, state, at }: Scene): Claim | undefined {
  const { kind, holdFor } = alarm;
  if (proven !== undefined) {
    return atLeast(subtract(at, proven.since), holdFor) ? { kind, proofs: proven.proofs } : undefined;
  }
  const left = isHeadroomScarce(alarm) && state.isScarce ? recover(alarm, sightings) : undefined;
  return left && { kind, proofs: left };
}

/** A limit of a memcg's own has no watermarks: it is over as soon as nothing is proven. */
const isHeadroomScarce = ({ kind, own }: Pick<AlarmPlan, "kind" | "own">): boolean =>
  kind === "scarce" && own === undefined;

/** What an alarm is remembered by. */
export const keyOf = ({ kind, own }: AlarmPlan): string => own ?? kind;

interface Proven {
  readonly proofs: Proofs;
  readonly since: Milliseconds;
}

interface Scene {
  readonly sightings: Sightings;
  readonly state: ScopedState;
  readonly at: Milliseconds;
}

/** Compares what was seen with what each alarm of the plan asks for. */
export function raiseAlarm(alarms: readonly AlarmPlan[], scene: Scene): Raised {
  const { sightings, state, at } = scene;
  const claims: Claim[] = [];
  const provenSince: Record<string, Milliseconds> = {};
  let isScarce = false;
  for (const alarm of alarms) {
    const proofs = prove(alarm, sightings);
    const key = keyOf(alarm);
    const proven = proofs && { proofs, since: state.provenSince[key] ?? at };
    if (proven !== undefined) provenSince[key] = proven.since;
    const made = claim(alarm, proven, scene);
    if (made === undefined) continue;
    claims.push(made);
    isScarce ||= isHeadroomScarce(alarm);
  }
  return { alarm: loudest(claims, scene), isScarce, provenSince };
}
