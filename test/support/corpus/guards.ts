import { join } from "node:path";
import type { ScenarioFile } from "#daemon/scenario/scenario-file.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import { planStory } from "#daemon/scenario/stage.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { earlyoom17, earlyoom19 } from "#test/support/peers/earlyoom.ts";
import { type Peer, runPeer } from "#test/support/peers/peer.ts";
import { systemdOomd } from "#test/support/peers/systemd-oomd.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** Somebody who keeps a machine from freezing. */
export interface Guard {
  readonly name: string;
  /** From the beginning of a story to its end. */
  watch(machine: SimulatedMachine, story: ScenarioFile): Promise<void>;
}

/** The example configuration: every line of it is a comment, so these are the shipped settings. */
const shipped = join(repositoryRoot, "packaging/tidemark.toml");

/** Tidemark with the settings as they ship, what the story says on top of them, and `key=value` on top of that. */
export const tidemark = (overrides: readonly string[] = []): Guard => ({
  name: "tidemark",
  async watch(machine, story) {
    const reading = planStory(story, { path: shipped, overrides }, machine);
    if (reading.kind === "refused") throw new Error(reading.text);
    await simulate(machine, reading.plan, { duration: story.scenario.duration, level: "warn" });
  },
});

const guardOf = <State>(peer: Peer<State>): Guard => ({
  name: peer.name,
  watch: (machine, { scenario }) => runPeer(machine, peer, scenario.duration),
});

/** The others, for comparison. */
export const peers: readonly Guard[] = [guardOf(earlyoom17), guardOf(earlyoom19), guardOf(systemdOomd)];
