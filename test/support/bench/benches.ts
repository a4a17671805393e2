import type { Bench } from "./bench.ts";
import { benchKill } from "./bench-kill.ts";
import { benchQuiet } from "./bench-quiet.ts";
import { benchReap } from "./bench-reap.ts";
import { benchRules } from "./bench-rules.ts";
import { benchScan } from "./bench-scan.ts";
import { benchSimulation } from "./bench-simulation.ts";
import { benchStart } from "./bench-start.ts";

/** Everything that is measured, in the order in which it is. */
export const benches: readonly Bench[] = [
  benchKill,
  benchScan,
  benchRules,
  benchQuiet,
  benchReap,
  benchStart,
  benchSimulation,
];
