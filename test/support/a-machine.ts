import { type CgroupPath, gib, type KiB, kib, type Milliseconds, mib, seconds } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import type { KillerScript, Lack, Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";

/** Describes a simulated machine step by step; each step gives a new description and leaves the old one as it was. */
export interface MachineBuilder {
  withRam(ram: KiB): MachineBuilder;
  withSwap(size: KiB, perSecond?: KiB): MachineBuilder;
  withFileCache(size: KiB): MachineBuilder;
  withCgroup(path: CgroupPath, max?: KiB): MachineBuilder;
  withDisk(perSecond: KiB): MachineBuilder;
  withSeed(seed: number): MachineBuilder;
  withKiller(killer: Partial<KillerScript>): MachineBuilder;
  withProcess(name: string, script?: Omit<ProcessScript, "name">): MachineBuilder;
  /** A process that takes all but `left` at once, so that what comes next hurts. */
  underPressure(left?: KiB): MachineBuilder;
  lacking(...lacks: readonly Lack[]): MachineBuilder;
  lasting(duration: Milliseconds): MachineBuilder;
  scenario(): Scenario;
  boot(): SimulatedMachine;
}

/** A machine of 4 GiB without swap, on which nothing happens. */
export const aMachine = (): MachineBuilder =>
  describing({ seed: 1, duration: seconds(60), ram: gib(4), processes: [] });

function describing(scenario: Scenario): MachineBuilder {
  const change = (part: Partial<Scenario>) => describing({ ...scenario, ...part });
  return {
    withRam: (ram) => change({ ram }),
    withSwap: (size, perSecond = mib(100)) => change({ swaps: [{ kind: "disk", size, perSecond }] }),
    withFileCache: (fileCache) => change({ fileCache }),
    withCgroup: (path, max) =>
      change({ cgroups: [...(scenario.cgroups ?? []), { path, ...(max !== undefined && { max }) }] }),
    withDisk: (diskPerSecond) => change({ diskPerSecond }),
    withSeed: (seed) => change({ seed }),
    withKiller: (killer) => change({ killer }),
    withProcess: (name, script = {}) => change({ processes: [...scenario.processes, { name, ...script }] }),
    underPressure: (left = mib(256)) => {
      const free = describing(scenario).boot().meminfo().free;
      return describing(scenario).withProcess("hoarder", { anon: kib(free - left) });
    },
    lacking: (...lacks) => change({ lacks }),
    lasting: (duration) => change({ duration }),
    scenario: () => scenario,
    boot: () => simulatedMachine(scenario),
  };
}
