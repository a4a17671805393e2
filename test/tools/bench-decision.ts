import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { renderTable } from "#cli/render/table.ts";
import type { ProcessTable } from "#domain/process.ts";
import { gib, mib, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, someMeminfo } from "#test/support/a-snapshot.ts";
import { fiftyRules } from "#test/support/bench/fifty-rules.ts";
import { median } from "#test/support/bench/median.ts";
import { type Churn, chanceOf, churn, randomTable } from "#test/support/bench/random-table.ts";

const help = `Usage: node dist/test/tools/bench-decision.js [OPTION…]

What it costs the engine to choose a victim, without reading anything: the first time, when it knows no process yet, and
again with a table in which all but a few processes are the very same objects as before, as one that is kept current has them.

  --rounds N  decisions with a warm table (default 200)
  --help      this text
`;

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "200" }, help: { type: "boolean", default: false } },
});

/** By the clock, and of the processors: on a machine that does other work as well the second is what counts. */
interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

/** A machine that is short of memory, after a calm one. */
function choose(table: ProcessTable, state: EngineState, plan: Plan): Took {
  const meminfo = someMeminfo({ total: gib(64), available: mib(300) });
  const snapshot = aSnapshot({ at: 2000, meminfo, table });
  const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
  const { decisions } = decide(snapshot, state, plan);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (decisions.every(({ kind }) => kind !== "signal")) throw new Error("Cannot measure: nobody was chosen");
  return { ms, cpuMs: (user + system) / 1000 };
}

/** Calm, with the table that the ledger of families begins with. */
function calm(table: ProcessTable, plan: Plan): EngineState {
  const snapshot = aSnapshot({ at: 1000, meminfo: someMeminfo({ total: gib(64), available: gib(30) }), table });
  return decide(snapshot, initialState(milliseconds(0)), plan).state;
}

interface Costs {
  readonly cold: Took;
  readonly warm: Took;
}

function measure(size: number, plan: Plan, how: Churn): Costs {
  const chance = chanceOf(size);
  let table = randomTable(size, chance);
  const state = calm(table, plan);
  const cold = choose(table, state, plan);
  const warm: Took[] = [];
  for (let round = 0; round < Math.max(1, Number(values.rounds)); round += 1) {
    table = churn(table, how, chance);
    warm.push(choose(table, state, plan));
  }
  return { cold, warm: { ms: median(warm.map(({ ms }) => ms)), cpuMs: median(warm.map(({ cpuMs }) => cpuMs)) } };
}

const columns = [
  { title: "processes", align: "right" },
  { title: "rules", align: "right" },
  { title: "change between looks", align: "left" },
  { title: "cold ms", align: "right" },
  { title: "of processors", align: "right" },
  { title: "warm ms", align: "right" },
  { title: "of processors", align: "right" },
] as const;

const churns = {
  "32 use more memory": { changed: 32, replaced: 0 },
  "32, and 8 go and come": { changed: 32, replaced: 8 },
};

function bench(): void {
  const rows: string[][] = [];
  for (const size of [200, 1000, 10_000]) {
    for (const rules of [[], fiftyRules]) {
      for (const [name, how] of Object.entries(churns)) {
        const { cold, warm } = measure(size, aPlan({ rules }), how);
        const shown = [cold, warm].flatMap(({ ms, cpuMs }) => [ms.toFixed(2), cpuMs.toFixed(2)]);
        rows.push([String(size), String(rules.length), name, ...shown]);
      }
    }
  }
  process.stdout.write(`${renderTable(columns, rows)}\nload ${loadavg()[0]?.toFixed(1)}\n`);
}

if (values.help) process.stdout.write(help);
else bench();
