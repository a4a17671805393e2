import type { Candidate } from "#domain/candidate.ts";
import type { DyingGroup } from "#domain/decision.ts";
import { isSameIdentity } from "#domain/identity.ts";
import { add, type KiB, kib, lessened, seconds } from "#domain/units.ts";
import { type Judgement, processesOf } from "./appraise.ts";
import { canBeTaken } from "./brood.ts";
import type { Evidence } from "./evidence.ts";
import { type FamilyName, nameFamilies } from "./family.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { blameStorm, findStorm, isOutrunning, shed } from "./fork-storm.ts";
import { blameFamily } from "./guilty-family.ts";
import { findJudged } from "./judged-by-pid.ts";
import type { WantedUnit } from "./kill-manner.ts";
import type { Plan } from "./plan.ts";

/** Who dies with a victim, besides whoever shares its memory. */
export interface KillUnit {
  /** It forks faster than its members can be killed one after the other. */
  readonly isStorm: boolean;
  readonly others: readonly Candidate[];
  readonly group: DyingGroup;
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
  const storm = ledger && findStorm(judgements, ledger, plan);
  const isWhole = unit === "family" || (unit === "auto" && ledger !== undefined && isOutrunning(storm, ledger));
  const blamed = storm ? blameStorm(judgements, storm, { isWhole }) : blameFamily(judgements, ledger, plan);
  if (storm !== undefined && isWhole) {
    const members = [...storm.source, ...storm.young].map(({ candidate }) => candidate);
    const dies = { name: storm.name, members, isStorm: true };
    return {
      judgements: blamed,
      unitOf: (victim) => (wantedFor(victim) === "process" ? undefined : makeUnit(victim, dies)),
    };
  }
  const unitOf = (victim: Candidate): KillUnit | undefined => {
    const wanted = wantedFor(victim);
    if (wanted === "family") return familyOf(victim, judgements);
    if (wanted === "process" || evidence.alarm?.kind !== "exhausted" || victim.family === undefined) return undefined;
    const members = shed(blamed, neededNow(plan, evidence));
    return makeUnit(victim, { name: victim.family.name, members, isStorm: false });
  };
  return { judgements: blamed, unitOf };
}

/** How long what is shed has to last: kills need not come faster. */
const breath = seconds(1);

/** Below `min` there is no time to kill one and see: what brings back `high`, and what will be taken meanwhile. */
const neededNow = ({ headroom: { high } }: Plan, { headroom, trend }: Evidence): KiB =>
  add(lessened(high, headroom), kib(Math.max(0, trend.steady) * breath));

/** The family of a victim as it stands, without those who must live. */
function familyOf(victim: Candidate, judgements: readonly Judgement[]): KillUnit | undefined {
  const nameOf = nameFamilies(processesOf(judgements));
  const own = judgements.find(({ process }) => isSameIdentity(process.identity, victim.identity));
  if (own === undefined) return undefined;
  const name = nameOf(own.process);
  const members = judgements
    .filter(canBeTaken)
    .filter(({ process }) => nameOf(process) === name)
    .map(({ candidate }) => candidate);
  return makeUnit(victim, { name, members, isStorm: false });
}

interface Kin {
  readonly name: FamilyName;
  readonly members: readonly Candidate[];
  readonly isStorm: boolean;
}

/** Undefined: the victim is no member, or the only one. */
export function makeUnit(victim: Candidate, { name, members, isStorm }: Kin): KillUnit | undefined {
  const isVictim = ({ identity }: Candidate): boolean => isSameIdentity(identity, victim.identity);
  const others = members.filter((each) => !isVictim(each));
  if (others.length === members.length || others.length === 0) return undefined;
  return { isStorm, others, group: { kind: "family", name, members: others.map(({ identity }) => identity) } };
}
