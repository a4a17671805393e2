import { beginLoop, type LoopParts, type LoopState, turn } from "#daemon/loop.ts";
import { readPlan } from "#daemon/plan-reading.ts";
import { rehearseKill } from "#daemon/rehearsal.ts";
import { rehearsalsToCompile } from "#daemon/residency.ts";
import { type KiB, kib, mib, milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { openCensus } from "#linux/open-census.ts";
import { compileNoMore } from "#linux/own-memory.ts";
import { makeSacrifice } from "#linux/sacrifice.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";
import { silentJournal } from "#test/support/silent-journal.ts";
import { availableNow } from "./memory-now.ts";

/** What a decision took, in milliseconds: by the clock, and of the processors. */
export interface Decided {
  readonly ms: number;
  readonly cpuMs: number;
}

/** What is printed, one line of JSON. */
export interface Decisions {
  /** The very first of this process: it has rehearsed a kill, as the daemon does, and no more. */
  readonly first: Decided;
  /** Of a daemon that has never seen the process table. */
  readonly cold: readonly Decided[];
  /** After trouble has been approaching for a while. */
  readonly warm: readonly Decided[];
  readonly processes: number;
}

/** How memory stands, for a plan whose watermarks are placed around what is available. */
type Standing = "calm" | "approaching" | "exhausted";

const far = mib(4096);
/** A decision takes two or three. */
const mostTurns = 10;

function marksFor(standing: Standing, available: KiB): Plan["headroom"] {
  const [min, low, high] = { calm: [-3, -2, -1], approaching: [-2, -1, 1], exhausted: [1, 2, 3] }[standing];
  const mark = (at = 0): KiB => kib(Math.max(1024 + at, available + at * far));
  return { min: mark(min), low: mark(low), high: mark(high) };
}

/** Its own loop, on this machine, in a dry run; memory stands as it is told. */
interface Stage extends Disposable {
  readonly parts: LoopParts;
  readonly machine: Machine;
  stand(standing: Standing): void;
}

/** As the daemon is started: with a census, where there can be one. */
function openMachine(): Machine {
  const census = openCensus();
  return linuxMachine({ census: census.kind === "open" ? census.source : undefined });
}

function openStage(rulesFile: string): Stage {
  const machine = withDryRun(openMachine());
  const reading = readPlan({ path: rulesFile, overrides: [] }, machine);
  if (reading.kind === "refused") throw new Error(reading.text);
  const available = availableNow();
  let plan: Plan = { ...reading.plan, headroom: marksFor("calm", available) };
  const journal = silentJournal(() => machine.now());
  return {
    machine,
    parts: { machine, journal, plan: () => plan },
    stand(standing) {
      plan = { ...plan, headroom: marksFor(standing, available) };
    },
    [Symbol.dispose]: () => machine[Symbol.dispose](),
  };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Turns as the daemon does until it has chosen a victim: the look that sees it, the closer look, the decision. The victim
 * is let go, so that the same daemon can decide again.
 */
function decideNow({ parts, machine, stand }: Stage, from: LoopState): Decided {
  stand("exhausted");
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  let decided: Decided | undefined;
  // What is decided is carried out before it is told.
  const act: Machine["act"] = (decision) => {
    if (decision.kind === "signal") decided = { ms: performance.now() - began, cpuMs: cpuSince(cpuBefore) };
    return machine.act(decision);
  };
  let state = from;
  for (let turns = 0; turns < mostTurns; turns++) {
    const done = turn({ ...parts, machine: { ...machine, act } }, state);
    const decision = done.verdict.decisions.find(({ kind }) => kind === "signal");
    if (decision?.kind === "signal") machine.act({ kind: "release", victim: decision.victim.identity });
    if (decided !== undefined) return decided;
    state = done;
  }
  throw new Error(`Cannot measure: ${mostTurns} looks at exhausted memory have chosen nobody`);
}

function decideCold(rulesFile: string): Decided {
  using stage = openStage(rulesFile);
  return decideNow(stage, beginLoop(stage.parts));
}

/** Trouble approaches for a while: where the loop stands then. */
async function approach({ parts, machine, stand }: Stage, lastsMs: number): Promise<LoopState> {
  stand("approaching");
  const until = milliseconds(machine.now() + lastsMs);
  let state = beginLoop(parts);
  while (machine.now() < until) {
    state = turn(parts, state);
    await machine.wait(milliseconds(Math.min(until, state.next.at)));
  }
  return state;
}

/** As long as it takes from the first warning to the end of a hog that is in no hurry; later ones find the table as it was left. */
async function decideWarm(rulesFile: string, times: number, approachMs: number): Promise<readonly Decided[]> {
  using stage = openStage(rulesFile);
  await approach(stage, approachMs);
  const all: Decided[] = [];
  for (let n = 0; n < times; n++) all.push(decideNow(stage, await approach(stage, approachMs / 10)));
  return all;
}

/** As the daemon does at its start: a child of its own is chosen and killed until that code is hot, and nothing is compiled after. */
async function rehearse(rulesFile: string): Promise<void> {
  using machine = openMachine();
  const reading = readPlan({ path: rulesFile, overrides: [] }, machine);
  if (reading.kind !== "plan") throw new Error(reading.text);
  for (let n = 0; n < rehearsalsToCompile; n++) await rehearseKill({ machine, plan: reading.plan, makeSacrifice });
  compileNoMore();
}

async function main([rulesFile = "", times = "1", approachMs = "2000"]: readonly string[]): Promise<void> {
  await rehearse(rulesFile);
  const first = decideCold(rulesFile);
  const cold = Array.from({ length: Number(times) }, () => decideCold(rulesFile));
  // One takes a fifth of a second: a few outliers are not to make the median.
  const warm = await decideWarm(rulesFile, 5 * Number(times), Number(approachMs));
  using stage = openStage(rulesFile);
  const { processes } = stage.machine.sense({ needs: ["processes"], isPressing: false });
  const count = processes?.kind === "known" ? processes.value.processes.length : 0;
  const decisions: Decisions = { first, cold, warm, processes: count };
  process.stdout.write(`${JSON.stringify(decisions)}\n`);
}

await main(process.argv.slice(2));
