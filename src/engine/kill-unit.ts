import type { Candidate } from "#domain/candidate.ts";
import type { DyingGroup } from "#domain/decision.ts";
import { isSameIdentity } from "#domain/identity.ts";
import { add, type KiB, kib, lessened, seconds } from "#domain/units.ts";
import { findApplication, findLeafMemcg } from "./application.ts";
import { type Eligible, type Judgement, processesOf } from "./appraise.ts";
import { broodOf, canBeTaken } from "./brood.ts";
import type { Evidence } from "./evidence.ts";
import { type FamilyName, nameFamilies } from "./family.ts";
import { type FamilyLedger, youngestOf } from "./family-ledger.ts";
import { blameStorm, type ForkStorm, findStorm, isOutrunning, shed } from "./fork-storm.ts";
import { blameFamily } from "./guilty-family.ts";
import { findJudged } from "./judged-by-pid.ts";
import type { WantedUnit } from "./kill-manner.ts";
import { blameGrowth, findLoneCause, type LoneCause } from "./lone-cause.ts";
import type { Plan } from "./plan.ts";
import { spareMain } from "./spare-main.ts";
import type { Swept } from "./sweep.ts";

/** Who dies with a victim, besides whoever shares its memory. */
export interface KillUnit {
  /** It forks faster than its members can be killed one after the other: nobody is asked. */
  readonly isStorm: boolean;
  readonly others: readonly Candidate[];
  readonly group: DyingGroup;
  /** Who is born into it later dies as well. Absent: nobody can tell who belongs to it. */
  readonly sweeps?: Swept;
}

/** Judgements that rank whoever is to blame first, and what dies with whom. */
export interface Blame {
  readonly judgements: readonly Judgement[];
  /** Undefined: it dies alone. */
  unitOf(victim: Candidate): KillUnit | undefined;
}

/** Finds who is to blame: a fork storm, or a family of which nobody is to blame alone, or else whoever ranks first. */
export function findBlame(
  judgements: readonly Judgement[],
  ledger: FamilyLedger | undefined,
  { plan, evidence }: { readonly plan: Plan; readonly evidence: Evidence },
): Blame {
  const { unit } = plan.kill;
  /** Rules may say otherwise of whoever goes first. */
  const wantedFor = ({ identity: { pid } }: Candidate): WantedUnit => {
    const own = findJudged(judgements)(pid);
    return (own?.kind === "eligible" ? own.manner.unit : undefined) ?? unit;
  };
  const storm = ledger && plan.policy.blames.families ? findStorm(judgements, ledger, plan) : undefined;
  const isWhole = unit !== "process" && ledger !== undefined && (unit === "family" || isOutrunning(storm, ledger));
  const blamed = storm ? blameStorm(judgements, storm, { isWhole }) : blameFewer(judgements, ledger, plan);
  if (storm !== undefined && isWhole) {
    const dies = (victim: Candidate) => stormUnit(victim, storm, { judgements, ledger });
    return {
      judgements: blamed,
      unitOf: (victim) => (wantedFor(victim) === "process" ? undefined : dies(victim)),
    };
  }
  const unitOf = (victim: Candidate): KillUnit | undefined => {
    const wanted = wantedFor(victim);
    if (wanted !== "auto") return writtenUnit(victim, wanted, judgements);
    if (evidence.alarm?.kind !== "exhausted" || victim.family === undefined) return undefined;
    const members = shed(blamed, neededNow(plan, evidence));
    return makeUnit(victim, members, { kind: "family", name: victim.family.name });
  };
  return { judgements: blamed, unitOf };
}

/** A family, or else one process. */
function blameFewer(
  judgements: readonly Judgement[],
  ledger: FamilyLedger | undefined,
  plan: Plan,
): readonly Judgement[] {
  const blamed = plan.policy.blames.families ? blameFamily(judgements, ledger, plan) : judgements;
  return blamed === judgements ? blameOne(judgements, findLoneCause(judgements, ledger, plan), plan) : blamed;
}

/** Whoever ranks first by what it holds and took, or a child that goes instead. */
export const blameOne = (
  judgements: readonly Judgement[],
  found: LoneCause | undefined,
  plan: Plan,
): readonly Judgement[] => spareMain(blameGrowth(judgements, found), { plan, found });

/** How long what is shed has to last: kills need not come faster. */
const breath = seconds(1);

/** Below `min` there is no time to kill one and see: what brings back `high`, and what will be taken meanwhile. */
const neededNow = ({ headroom: { high } }: Plan, { headroom, trend }: Evidence): KiB =>
  add(lessened(high, headroom), kib(Math.max(0, trend.steady) * breath));

/** All of a storm. Where it has a cgroup for itself, that goes with who is born meanwhile. */
function stormUnit(
  victim: Candidate,
  { name, source, young }: ForkStorm,
  { judgements, ledger }: { readonly judgements: readonly Judgement[]; readonly ledger: FamilyLedger | undefined },
): KillUnit | undefined {
  const members = [...source, ...young];
  const own = new Set<Judgement>(members);
  const leaf = members[0] && findLeafMemcg(members[0], judgements);
  const whole = leaf?.members.every((each) => own.has(each)) ? leaf.whole : undefined;
  const unit = makeUnit(victim, members.map(candidateOf), { kind: "family", name, ...(whole && { whole }) });
  return (
    unit && {
      ...unit,
      isStorm: true,
      ...(ledger && { sweeps: { name, youngest: ledger.youngest, isIncomplete: true } }),
    }
  );
}

/** What settings or a rule have die with somebody. Undefined: nobody, whatever may be to blame together with it. */
export function findWantedUnit(
  { candidate, manner }: Eligible,
  judgements: readonly Judgement[],
  { kill }: Plan,
): KillUnit | undefined {
  const wanted = manner.unit ?? kill.unit;
  return wanted === "auto" ? undefined : writtenUnit(candidate, wanted, judgements);
}

/** The unit that settings ask for, as it stands. */
function writtenUnit(
  victim: Candidate,
  unit: Exclude<WantedUnit, "auto">,
  judgements: readonly Judgement[],
): KillUnit | undefined {
  const own = findJudged(judgements)(victim.identity.pid);
  if (own?.kind !== "eligible" || unit === "process") return undefined;
  if (unit === "family") {
    const nameOf = nameFamilies(processesOf(judgements));
    const name = nameOf(own.process);
    const members = judgements.filter(canBeTaken).filter(({ process }) => nameOf(process) === name);
    return makeUnit(victim, members.map(candidateOf), { kind: "family", name });
  }
  const leaf = unit === "memcg" ? findLeafMemcg(own, judgements) : undefined;
  const { members, whole } = leaf ?? findApplication(own, judgements);
  const kind = leaf?.whole === undefined ? ({ kind: "app" } as const) : ({ kind: "memcg", path: leaf.whole } as const);
  const made = makeUnit(victim, members.map(candidateOf), { ...kind, ...(whole && { whole }) });
  // Who is born into a unit is known by the name of its brood, which is that of the unit.
  const isNamed = whole !== undefined && broodOf(own.process) === whole;
  const sweeps = isNamed ? sweptBy(whole, judgements) : undefined;
  return made && { ...made, ...(sweeps && { sweeps }) };
}

const sweptBy = (name: FamilyName, judgements: readonly Judgement[]): Swept => ({
  name,
  youngest: youngestOf(processesOf(judgements)),
  isIncomplete: false,
});

const candidateOf = ({ candidate }: Eligible): Candidate => candidate;

/** Undefined: the victim is no member, or the only one. */
export function makeUnit(
  victim: Candidate,
  members: readonly Candidate[],
  kind: Unnumbered<DyingGroup>,
): KillUnit | undefined {
  const others = members.filter(({ identity }) => !isSameIdentity(identity, victim.identity));
  if (others.length === members.length || others.length === 0) return undefined;
  return { isStorm: false, others, group: { ...kind, members: others.map(({ identity }) => identity) } };
}

/** A group of any kind, before it is known who is in it. */
type Unnumbered<G> = G extends DyingGroup ? Omit<G, "members"> : never;
