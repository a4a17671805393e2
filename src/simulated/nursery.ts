import type { Milliseconds } from "#domain/units.ts";
import type { SimulatedProcess } from "./process.ts";
import type { ChildrenScript } from "./process-script.ts";

/** A process that starts others, and how far it has come. */
export interface Nursery {
  readonly parent: SimulatedProcess;
  readonly script: ChildrenScript;
  readonly alive: Set<SimulatedProcess>;
  born: number;
  nextAt: Milliseconds;
}
