import type { Giver } from "#domain/giver.ts";
import { milliseconds } from "#domain/units.ts";
import type { GiverBehaviour } from "./world.ts";

const shell = "/bin/sh";

/** Programs that do what is said of them; `holder` is the process whose end gives memory back. */
const scripts: Readonly<Record<GiverBehaviour, (holder: number) => string>> = {
  gives: (holder) => `kill -KILL ${holder}`,
  fails: () => "echo nothing to give; exit 1",
  // Neither it nor what it started ends when asked to.
  hangs: () => "trap '' TERM; sleep 60 & wait",
};

/** A hook that is run by the shell everybody has. */
export const linuxGiver = (behaviour: GiverBehaviour, holder: number): Giver => ({
  name: behaviour,
  means: { kind: "hook", run: [shell, "-c", scripts[behaviour](holder)], user: undefined },
  timeout: milliseconds(1000),
});
