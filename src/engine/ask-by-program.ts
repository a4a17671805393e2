import type { Candidate } from "#domain/candidate.ts";
import type { GiverResult } from "#domain/finding.ts";
import type { Command, Giver } from "#domain/giver.ts";
import { add, type Milliseconds } from "#domain/units.ts";
import type { KillManner } from "./kill-manner.ts";
import type { NotifyPlan } from "./plan.ts";

/** A program that asks a victim to leave, and what came of it. There is one at most: another victim is signalled meanwhile. */
export interface AskedProgram {
  readonly program: Giver;
  readonly victim: Candidate;
  readonly at: Milliseconds;
  /** Undefined: it runs, for all we know. */
  readonly result: GiverResult | undefined;
}

/** Where it is remembered. */
interface Programs {
  /** Undefined: none was asked, or it is over. */
  readonly program: AskedProgram | undefined;
}

/** What a rule has run for whoever it matches, for so long. Undefined: no rule does, or this machine must not run it. */
export function programFor(
  { run }: KillManner,
  grace: Milliseconds,
  { programs }: Pick<NotifyPlan, "programs">,
): Giver | undefined {
  const program = run && programs.find(({ name }) => name === nameOfProgram(run));
  return program && { ...program, timeout: grace };
}

/** What a program is called among those who can be asked: no other has the same. */
export const nameOfProgram = (run: Command): string => run.map(quoteWord).join(" ");

const quoteWord = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word));

/** Whether nothing can be expected of the program any more; one that ended well may have told the victim, which takes its time. */
export function hasProgramFailed({ program: asked }: Programs): boolean {
  const result = asked?.result;
  if (result === undefined) return asked === undefined;
  return result.kind !== "ended" || result.ending.kind !== "exited" || result.ending.status !== 0;
}

/** When its time is up. */
export const deadlineOf = ({ at, program }: AskedProgram): Milliseconds => add(at, program.timeout);

/** The moment at which a program that runs is stopped. */
export const programDeadlines = ({ program }: Programs): readonly Milliseconds[] =>
  program === undefined || program.result !== undefined ? [] : [deadlineOf(program)];
