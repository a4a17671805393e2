import { setTimeout } from "node:timers/promises";
import { desktopOf } from "#daemon/scenario/desktop.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import { gib, mib, seconds } from "#domain/units.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import type { Bench, Report } from "./bench.ts";
import { median } from "./median.ts";

const shell = { name: "shell", anon: mib(200), text: mib(100), isInteractive: true } as const;
const desktop = { name: "desktop", anon: gib(2), hot: gib(1), touchesPerSecond: mib(100), text: mib(150) } as const;
const tenMinutes = { seed: 1, duration: seconds(600), ram: gib(8), fileCache: gib(1) };

/** What a desktop is made of beside what is used: services, helpers, tabs nobody looks at. */
const idle = { name: "idle", copies: 290, anon: mib(8), text: mib(2) } as const;

/** Some 2,600 processes at its height, none of them worth a look. */
const storm = { name: "storm", children: { perSecond: 100, each: { name: "storm", anon: mib(5.5) } } } as const;

const scenarios: Readonly<Record<string, Scenario>> = {
  "calm, 10 min": { ...tenMinutes, processes: [shell, desktop] },
  "300 processes, most of them idle, 10 min": {
    ...tenMinutes,
    processes: [...desktopOf(gib(3)), idle],
  },
  "a fork storm, 28 s": { ...tenMinutes, duration: seconds(28), ram: gib(16), processes: [shell, desktop, storm] },
  "a fork storm nobody ends, 60 s": {
    ...tenMinutes,
    duration: seconds(60),
    ram: gib(16),
    processes: [shell, desktop, storm],
  },
  "a leak and its kill, 10 min": {
    ...tenMinutes,
    processes: [shell, desktop, { name: "leak", memory: [{ kind: "leak", perSecond: mib(10) }] }],
  },
  "a leak into swap, 10 min": {
    ...tenMinutes,
    swaps: [{ kind: "disk", size: gib(4), perSecond: mib(100) }],
    processes: [shell, desktop, { name: "leak", memory: [{ kind: "leak", perSecond: mib(15) }] }],
  },
  "a leak into zram, 10 min": {
    ...tenMinutes,
    swaps: [{ kind: "zram", size: gib(4), ratio: 3 }],
    processes: [shell, desktop, { name: "leak", memory: [{ kind: "leak", perSecond: mib(15) }] }],
  },
  "copying a file, 10 min": {
    ...tenMinutes,
    processes: [
      shell,
      desktop,
      { name: "cp", reads: { perSecond: mib(150) }, writes: { perSecond: mib(50), to: "disk" } },
    ],
  },
};

async function play(scenario: Scenario): Promise<number> {
  using machine = simulatedMachine(scenario);
  const plan = aPlan({ headroom: { min: mib(226), low: mib(452), high: mib(679) } });
  const before = process.cpuUsage();
  const { ended } = await simulate(machine, plan, { duration: scenario.duration });
  const { user, system } = process.cpuUsage(before);
  return ended / ((user + system) / 1000);
}

const showFactor = (factor: number): string => `${Math.round(factor).toLocaleString("en")} ×`;

/** How many times faster than real time scenarios are played. */
export const benchSimulation: Bench = {
  name: "simulation",
  title: "Speed of the simulated machine",
  lacks: () => false,
  async run({ isQuick, signal, say }): Promise<Report> {
    const runs = isQuick ? 1 : 3;
    const chosen = Object.entries(scenarios).slice(0, isQuick ? 2 : undefined);
    const samples: { readonly scenario: string; readonly factors: readonly number[] }[] = [];
    for (const [scenario, script] of chosen) {
      const factors: number[] = [];
      for (let run = 0; run < runs; run += 1) factors.push(await play(script));
      // A scenario is played without a pause: only between two of them can somebody be heard.
      await setTimeout(0, undefined, { signal });
      samples.push({ scenario, factors });
    }
    say(`simulation: ${samples.length} scenarios`);
    const rows = samples.map(({ scenario, factors }) => [
      scenario,
      showFactor(factors[0] ?? NaN),
      showFactor(median(factors)),
      showFactor(Math.max(...factors)),
    ]);
    return {
      tables: [{ title: "Times faster than real time", columns: ["scenario", "first", "median", "best"], rows }],
      claims: [],
      method: [
        `With the daemon's own loop and engine, each scenario ${runs} times. Processor time of the program is what counts; the first run of each is the one a user waits for.`,
      ],
      samples,
    };
  },
};
