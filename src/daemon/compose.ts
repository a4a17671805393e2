import { linuxMachine } from "#linux/linux-machine.ts";
import type { Machine } from "#machine/machine.ts";

/** The machine we run on. */
export const composeLinux = (): Machine => linuxMachine();
