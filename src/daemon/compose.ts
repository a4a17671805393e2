import { linuxMachine } from "#linux/linux-machine.ts";
import type { CensusSource } from "#linux/open-census.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";

/** Which machine is wanted, and what was opened for it. */
export interface Composition {
  readonly isDryRun?: boolean;
  readonly census?: CensusSource | undefined;
}

/** The machine we run on; in a dry run, one that nothing can be done to. */
export const composeLinux = ({ isDryRun = false, census }: Composition = {}): Machine =>
  isDryRun ? withDryRun(linuxMachine({ census })) : linuxMachine({ census });
