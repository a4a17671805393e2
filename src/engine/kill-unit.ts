import type { Alarm } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { DyingGroup } from "#domain/decision.ts";
import { isSameIdentity } from "#domain/identity.ts";
import { type Eligible, type Judgement, processesOf } from "./appraise.ts";
import { canBeTaken } from "./brood.ts";
import { type FamilyName, nameFamilies } from "./family.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { blameStorm, findStorm, isOutrunning } from "./fork-storm.ts";
import { blameFamily } from "./guilty-family.ts";
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
  { plan, alarm }: { readonly plan: Plan; readonly alarm: Alarm },
): Blame {
  const { unit } = plan.kill;
  const storm = ledger && findStorm(judgements, ledger, plan);
  if (ledger === undefined || storm === undefined) {
    const unitOf = (victim: Candidate) => (unit === "family" ? familyOf(victim, judgements) : undefined);
    return { judgements: blameFamily(judgements, ledger, plan), unitOf };
  }
  const isWhole = unit === "family" || (unit === "auto" && isOutrunning(storm, ledger, alarm));
  const members = [...storm.source, ...storm.young];
  return {
    judgements: blameStorm(judgements, storm, { isWhole }),
    unitOf: (victim) => (isWhole ? makeUnit(victim, { name: storm.name, members, isStorm: true }) : undefined),
  };
}

/** The family of a victim as it stands, without those who must live. */
function familyOf(victim: Candidate, judgements: readonly Judgement[]): KillUnit | undefined {
  const nameOf = nameFamilies(processesOf(judgements));
  const own = judgements.find(({ process }) => isSameIdentity(process.identity, victim.identity));
  if (own === undefined) return undefined;
  const name = nameOf(own.process);
  const members = judgements.filter(canBeTaken).filter(({ process }) => nameOf(process) === name);
  return makeUnit(victim, { name, members, isStorm: false });
}

interface Kin {
  readonly name: FamilyName;
  readonly members: readonly Eligible[];
  readonly isStorm: boolean;
}

/** Undefined: the victim is no member, or the only one. */
export function makeUnit(victim: Candidate, { name, members, isStorm }: Kin): KillUnit | undefined {
  const isVictim = ({ identity }: Candidate): boolean => isSameIdentity(identity, victim.identity);
  const candidates = members.map(({ candidate }) => candidate);
  const others = candidates.filter((each) => !isVictim(each));
  if (others.length === candidates.length || others.length === 0) return undefined;
  return { isStorm, others, group: { kind: "family", name, members: others.map(({ identity }) => identity) } };
}
