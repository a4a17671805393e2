import type { Candidate } from "#domain/candidate.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { below, initPid, type Pid } from "#domain/units.ts";
import type { Eligible, Judgement } from "./appraise.ts";
import { type FamilyName, unitOf } from "./family.ts";
import type { JudgedByPid } from "./judged-by-pid.ts";

/**
 * The family of somebody whose parents come and go: that of its unit, else of all that have its name, user and cgroup. Of a
 * storm the parents may have exited before their children, and then nobody can tell whose children they were.
 */
export const nameBrood = ({ comm, uid, cgroup }: Pick<Candidate, "comm" | "uid" | "cgroup">): FamilyName =>
  unitOf(cgroup) ?? `${cgroup} ${uid} ${comm}`;

/** The family of a process, see {@link nameBrood}. */
export const broodOf = ({ comm, uid, traits: { cgroup } }: ProcessFacts): FamilyName =>
  nameBrood({ comm, uid, cgroup });

/** Whether the death of a family may take it along: an interactive shell is where somebody sits, and whoever is dying is gone. */
export const canBeTaken = (judgement: Judgement): judgement is Eligible =>
  judgement.kind === "eligible" && judgement.process.leadsTerminal !== true && !judgement.process.isDying;

/** It can be taken, nobody asked to avoid it, and its application does not expect it to die alone. */
export const isExpendable = (judgement: Judgement, byPid: JudgedByPid): judgement is Eligible =>
  canBeTaken(judgement) &&
  judgement.leanings.every(({ verdict }) => verdict !== "avoid") &&
  !isOfferedUp(judgement.process, byPid);

/**
 * Whether its application has raised its `oom_score_adj` above its own, as browsers do for their tabs: that one is prepared to
 * lose one after the other. What a storm forks has what it had itself.
 */
function isOfferedUp(process: ProcessFacts, byPid: JudgedByPid): boolean {
  const { cgroup } = process.traits;
  const seen = new Set<Pid>();
  for (let next = parentOf(process, byPid); next !== undefined; next = parentOf(next, byPid)) {
    if (next.traits.cgroup !== cgroup || seen.has(next.identity.pid)) return false;
    if (below(next.oomScoreAdj, process.oomScoreAdj)) return true;
    seen.add(next.identity.pid);
  }
  return false;
}

/** Init is everybody's parent in the end: that it is says nothing. */
const parentOf = ({ parent }: ProcessFacts, byPid: JudgedByPid): ProcessFacts | undefined =>
  parent === undefined || parent === initPid ? undefined : byPid(parent)?.process;
