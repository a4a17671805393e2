import { linuxMachine } from "#linux/linux-machine.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";

/** The machine we run on; in a dry run, one that nothing can be done to. */
export const composeLinux = ({ isDryRun = false }: { readonly isDryRun?: boolean } = {}): Machine =>
  isDryRun ? withDryRun(linuxMachine()) : linuxMachine();
