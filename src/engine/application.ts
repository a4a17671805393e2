import { containerIn } from "#domain/container.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { type CgroupPath, cgroupPath } from "#domain/units.ts";
import type { Eligible, Judgement } from "./appraise.ts";
import { canBeTaken } from "./brood.ts";
import type { Ineligible } from "./exclusion.ts";
import { unitOf } from "./family.ts";
import { findJudgedBelow, findStarter } from "./process-tree.ts";

/** Processes that can die together: nobody among them has to live. */
export interface Together {
  readonly members: readonly Eligible[];
  /** The cgroup that holds all of them, and nobody else. Undefined: there is none. */
  readonly whole: CgroupPath | undefined;
}

/** Reasons that protect nobody from the death of its application: there is nothing to lose, or it was given up before. */
const harmless: ReadonlySet<Ineligible> = new Set(["no-memory", "kernel-thread", "skipped"]);

/** Whether somebody has to live on when others die. Where somebody sits at a terminal, a shell does. */
const hasToLive = (judgement: Judgement): boolean =>
  judgement.kind === "ineligible" ? !harmless.has(judgement.why) : judgement.process.leadsTerminal === true;

/** Those that may go, if nobody else is among them. */
const together = (judgements: readonly Judgement[], whole: CgroupPath | undefined): Together | undefined =>
  judgements.some(hasToLive) ? undefined : { members: judgements.filter(canBeTaken), whole };

/**
 * The application of a process: its unit, or what is below its main process. Where somebody in that has to live (a terminal with its
 * shells in one scope, whatever a guard or a rule protects), what is below the next one on the way down to it, and at last itself.
 */
export function findApplication(own: Eligible, judgements: readonly Judgement[]): Together {
  const unit = unitOf(own.process.traits.cgroup);
  const ofUnit =
    unit === undefined
      ? undefined
      : together(
          judgements.filter(({ process }) => unitOf(process.traits.cgroup) === unit),
          cgroupPath(unit),
        );
  if (ofUnit !== undefined) return ofUnit;
  for (const top of startersOf(own, judgements)) {
    const found = together([top, ...findJudgedBelow(top.process, judgements)], undefined);
    if (found !== undefined) return found;
  }
  return { members: [own], whole: undefined };
}

/** The processes that a process goes back to within its application, the main process first and itself last. */
function startersOf(own: Eligible, judgements: readonly Judgement[]): readonly Judgement[] {
  const line: Judgement[] = [own];
  let next = findStarter(own, judgements);
  while (next !== undefined && !hasToLive(next)) {
    line.unshift(next);
    next = findStarter(next, judgements);
  }
  // Below a shell, a terminal or a session that lives on, each child is an application; so it is in a unit of its own.
  const isBounded = next !== undefined || unitOf(own.process.traits.cgroup) !== undefined;
  return isBounded ? line : sameProgram(line, own.process);
}

/** Where nothing says where an application begins, only copies of one program are taken for it. */
function sameProgram(line: readonly Judgement[], own: ProcessFacts): readonly Judgement[] {
  const strangers = line.findLastIndex(({ process }) => !isSameProgram(process, own));
  return line.slice(strangers + 1);
}

const isSameProgram = (a: ProcessFacts, b: ProcessFacts): boolean =>
  a.uid === b.uid && (a.traits.exe === undefined ? a.comm === b.comm : a.traits.exe === b.traits.exe);

/** All of the cgroup that a process is in, and of those below it, if that is of one application and nobody in it has to live. */
export function findLeafMemcg({ process }: Eligible, judgements: readonly Judgement[]): Together | undefined {
  const { cgroup } = process.traits;
  if (cgroup === undefined || (unitOf(cgroup) === undefined && containerIn(cgroup) === undefined)) return undefined;
  const isInside = ({ process: { traits } }: Judgement): boolean =>
    traits.cgroup === cgroup || (traits.cgroup?.startsWith(`${cgroup}/`) ?? false);
  return together(judgements.filter(isInside), cgroup);
}
