import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { initPid } from "#domain/units.ts";
import { type Judgement, processesOf } from "./appraise.ts";
import { type ChildrenOf, indexByParent } from "./by-pid.ts";
import { unitOf } from "./family.ts";
import { findJudged } from "./judged-by-pid.ts";

/** A parent that is younger is one by adoption, or a table that was read in passing shows a circle. */
const isStartedBy = (starter: ProcessFacts, { identity }: ProcessFacts): boolean =>
  compareIdentities(starter.identity, identity) < 0;

/** Whether two processes run in the same unit of one application, or, where there is none, in the same cgroup. */
const isSameUnit = (a: ProcessFacts, b: ProcessFacts): boolean => placeOf(a) === placeOf(b);

const placeOf = ({ traits: { cgroup } }: ProcessFacts): string | undefined => unitOf(cgroup) ?? cgroup;

/** Whom a process and those below it started, in the same unit: what has a unit of its own is another application. */
export function findBelow(top: ProcessFacts, childrenOf: ChildrenOf): readonly ProcessFacts[] {
  const found: ProcessFacts[] = [];
  for (let starters: readonly ProcessFacts[] = [top]; starters.length > 0; ) {
    starters = starters.flatMap((starter) =>
      childrenOf(starter.identity.pid).filter((child) => isStartedBy(starter, child) && isSameUnit(starter, child)),
    );
    for (const each of starters) found.push(each);
  }
  return found;
}

/** The same among those who were judged. */
export function findJudgedBelow(top: ProcessFacts, judgements: readonly Judgement[]): readonly Judgement[] {
  const processes = processesOf(judgements);
  // Most have started nobody: to see that takes an eighth of the time of an index.
  if (!processes.some(({ parent }) => parent === top.identity.pid)) return [];
  const judged = findJudged(judgements);
  return findBelow(top, indexByParent(processes)).flatMap(({ identity }) => judged(identity.pid) ?? []);
}

/** Who started a process, in the same unit. Init is everybody's parent in the end, and starts no application. */
export function findStarter({ process }: Judgement, judgements: readonly Judgement[]): Judgement | undefined {
  const { parent } = process;
  const starter = parent === undefined || parent === initPid ? undefined : findJudged(judgements)(parent);
  if (starter === undefined || !isStartedBy(starter.process, process)) return undefined;
  return isSameUnit(starter.process, process) ? starter : undefined;
}
