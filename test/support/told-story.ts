import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { factsOf } from "#daemon/plan-reading.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import type { Signal } from "#domain/decision.ts";
import { type KiB, kib, mib, scale } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { shippedPresets } from "#test/unit/config/shipped-presets.ts";
import { aMachine, type MachineBuilder } from "./a-machine.ts";

/** A signal that tidemark sent. */
export interface Shot {
  /** Milliseconds since the story began. */
  readonly at: number;
  readonly signal: Signal;
  readonly name: string;
}

/** What became of a scenario under the settings as they ship. */
export interface ToldStory {
  readonly machine: SimulatedMachine;
  readonly plan: Plan;
  readonly shots: readonly Shot[];
  /** Names of those tidemark signalled, in order, each once. */
  readonly victims: readonly string[];
  /** Names of those the kernel's own OOM killer took. */
  readonly killedByKernel: readonly string[];
  readonly looksPerSecond: number;
}

/** How a story differs from the ordinary one. */
export interface Telling {
  /** `key=value`, on top of the built-in defaults and the preset `desktop`. */
  readonly settings?: readonly string[];
  /** TOML, as in a settings file. */
  readonly file?: string;
  /** Puts something between tidemark and the machine. */
  readonly through?: (machine: SimulatedMachine) => SimulatedMachine;
}

/** Plays a scenario to its end with the daemon's own loop and the settings as they ship. */
export async function tell(builder: MachineBuilder, telling: Telling = {}): Promise<ToldStory> {
  const machine = builder.boot();
  const plan = shippedPlan(machine, telling);
  const watched = telling.through?.(machine) ?? machine;
  const { looks, ended } = await simulate(watched, plan, { duration: builder.scenario().duration });
  const shots = machine.events.flatMap((event): readonly Shot[] =>
    event.kind === "signalled" && event.by === "tidemark"
      ? [{ at: event.at, signal: event.signal, name: event.comm }]
      : [],
  );
  return {
    machine,
    plan,
    shots,
    victims: [...new Set(shots.map(({ name }) => name))],
    killedByKernel: machine.events.flatMap((event) => (event.kind === "kernel-oom-kill" ? [event.comm] : [])),
    looksPerSecond: (looks * 1000) / ended,
  };
}

function shippedPlan(machine: Machine, { settings = [], file }: Telling): Plan {
  const files = file === undefined ? [] : [{ path: "story.toml", text: file }];
  const compiled = compilePlan(loadConfig({ presets: shippedPresets(), files, overrides: settings }), factsOf(machine));
  if (compiled.kind === "plan") return compiled.plan;
  throw new Error(compiled.problems.map(({ message }) => message).join("; "));
}

/** Twenty programs that hold so much of a machine's RAM together, and some cache: what a story begins with. */
export function aDesktop(ram: KiB, share: number): MachineBuilder {
  const programs = Array.from({ length: 20 }, (_, index) => `program-${index}`);
  const own = kib(scale(ram, share / programs.length));
  return programs.reduce(
    (builder, name) => builder.withProcess(name, { anon: own, touchesPerSecond: mib(20) }),
    aMachine()
      .withRam(ram)
      .withFileCache(kib(scale(ram, 1 / 10))),
  );
}
