import type { Meminfo } from "./meminfo.ts";
import type { KiB, Microseconds, Milliseconds } from "./units.ts";

/**
 * What has to hold for a look to bring no news. A machine that can tell by itself may go on waiting meanwhile, and then says
 * that it has been quiet.
 */
export interface Quiet {
  /** A look is wanted by then whatever holds: other facts are due. */
  readonly until: Milliseconds;
  /** How far apart it is to be checked: nothing that matters comes sooner. */
  readonly every: Milliseconds;
  /** When it is to be checked first. */
  readonly next: Milliseconds;
  /** MemAvailable has not fallen below it. */
  readonly available: KiB;
  /** These are as they were: another size of the machine, another use of its swap. */
  readonly meminfo: Pick<Meminfo, "total" | "hugetlb" | "swapTotal" | "swapFree">;
  /** `total=` of the line `some` has not grown beyond it: no task has stalled since, or none to speak of. */
  readonly stalled: Microseconds;
}
