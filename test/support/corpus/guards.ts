import { join } from "node:path";
import { readPlan } from "#daemon/plan-reading.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { earlyoom17, earlyoom19 } from "#test/support/peers/earlyoom.ts";
import { type Peer, runPeer } from "#test/support/peers/peer.ts";
import { systemdOomd } from "#test/support/peers/systemd-oomd.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** Somebody who keeps a machine from freezing. */
export interface Guard {
  readonly name: string;
  /** Until virtual time has come to `duration`. */
  watch(machine: SimulatedMachine, duration: Milliseconds): Promise<void>;
}

/** The example configuration: every line of it is a comment, so these are the shipped settings. */
const shipped = join(repositoryRoot, "packaging/tidemark.toml");

/** Tidemark with the settings as they ship, and `key=value` on top of them. */
export const tidemark = (overrides: readonly string[] = []): Guard => ({
  name: "tidemark",
  async watch(machine, duration) {
    await simulate(machine, planFor(machine, overrides), { duration, level: "warn" });
  },
});

function planFor(machine: SimulatedMachine, overrides: readonly string[]): Plan {
  const reading = readPlan({ path: shipped, overrides }, machine);
  if (reading.kind === "plan") return reading.plan;
  throw new Error(reading.text);
}

const guardOf = <State>(peer: Peer<State>): Guard => ({
  name: peer.name,
  watch: (machine, duration) => runPeer(machine, peer, duration),
});

/** The others, for comparison. */
export const peers: readonly Guard[] = [guardOf(earlyoom17), guardOf(earlyoom19), guardOf(systemdOomd)];
