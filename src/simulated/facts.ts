import { type Facts, known, type Reading, unavailable } from "#domain/snapshot.ts";
import type { Look } from "#machine/machine.ts";
import { branchTreesOf } from "./branch-facts.ts";
import type { Kernel } from "./kernel.ts";
import { membershipOf, memcgsOf } from "./memcg-facts.ts";
import { arcOf, meminfoOf, swapsOf, vmstatOf } from "./memory-facts.ts";
import { tableOf } from "./process-facts.ts";
import { pressureOf } from "./psi.ts";
import { zoneinfoOf } from "./zone-facts.ts";

/** What was read, by the name of the fact. */
type Readings = { readonly [F in keyof Facts]?: Reading<Facts[F]> };

/** Reads one fact; a look that is pressing leaves out what could hang on a real machine. */
type Sensor<F extends keyof Facts> = (kernel: Kernel, look: Look) => { readonly [K in F]: Reading<Facts[K]> };

/** One sensor for each fact there is: a new fact does not compile until it is answered. */
const sensors: { readonly [F in keyof Facts]: Sensor<F> } = {
  meminfo: (kernel) => ({ meminfo: known(meminfoOf(kernel)) }),
  pressure: ({ psi, scenario }) => ({
    pressure: scenario.lacks.includes("pressure") ? noPressure : known(pressureOf(psi)),
  }),
  ioPressure: ({ ioPsi, scenario }) => ({
    ioPressure: scenario.lacks.includes("pressure") ? noPressure : known(pressureOf(ioPsi)),
  }),
  vmstat: (kernel) => ({ vmstat: known(vmstatOf(kernel)) }),
  zoneinfo: (kernel) => ({ zoneinfo: known(zoneinfoOf(kernel)) }),
  swaps: (kernel) => ({ swaps: known(swapsOf(kernel)) }),
  arc: (kernel) => ({ arc: known(arcOf(kernel)) }),
  overcommit: () => ({ overcommit: known("heuristic") }),
  memcgs: (kernel, { watch }) => ({ memcgs: known(memcgsOf(kernel, watch)) }),
  membership: (kernel, { watch }) => ({ membership: known(membershipOf(kernel, watch)) }),
  branches: (kernel, { descend }) => ({ branches: known(branchTreesOf(kernel, descend)) }),
  processes: (kernel, { isPressing }) => ({ processes: known(tableOf(kernel, isPressing)) }),
};

const noPressure = unavailable({
  call: "open",
  errno: "ENOENT",
  subject: "the pressure of the simulated machine",
  advice: 'take "pressure" out of what the scenario lacks',
});

/** Reads what is asked for, and nothing else. */
export const readFacts = (kernel: Kernel, look: Look): Readings =>
  look.needs.reduce<Readings>((readings, fact) => Object.assign(readings, sensors[fact](kernel, look)), {});
