import type { Command, Giver, GiverReport } from "#domain/giver.ts";
import { milliseconds } from "#domain/units.ts";
import { nameOfProgram } from "#engine/ask-by-program.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "./a-plan.ts";

/** A hook of that name; what it runs does not matter to whoever does not run it. */
export const aGiver = (name: string, timeout = 500): Giver => ({
  name,
  means: { kind: "hook", run: ["/bin/true"], user: undefined },
  timeout: milliseconds(timeout),
});

/** A program of a rule. */
export const aProgram = (...run: Command): Giver => ({
  name: nameOfProgram(run),
  means: { kind: "program", run },
  timeout: milliseconds(1000),
});

/** A report: it is still at it. */
export const giving = (giver: string): GiverReport => ({ giver, kind: "giving" });

/** A report: it has ended. */
export const done = (giver: string, at: number, status = 0): GiverReport => ({
  giver,
  kind: "done",
  at: milliseconds(at),
  ending: { kind: "exited", status },
  output: { beginning: "", bytes: 0 },
});

/** A plan with givers, all of whom together have 1 s, once a minute. */
export const planWithGivers = (...givers: readonly Giver[]): Plan =>
  aPlan({ notify: { givers, programs: [], deadline: milliseconds(1000), coolDown: milliseconds(60_000) } });
