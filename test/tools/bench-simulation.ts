import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { renderTable } from "#cli/render/table.ts";
import { desktopOf } from "#daemon/scenario/desktop.ts";
import { simulate } from "#daemon/scenario/simulation.ts";
import { gib, mib, seconds } from "#domain/units.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { median } from "#test/support/bench/median.ts";

const help = `Usage: npm run bench:simulation -- [OPTION…]

How many times faster than real time scenarios are played, with the daemon's own loop and engine. CPU time of this process is
what counts, so that other work on the machine does not; the first run of each is the one a user waits for.

  --runs N  how often each is played (default 5)
  --help    this text
`;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, help: { type: "boolean", default: false } },
});

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

const columns = [
  { title: "scenario", align: "left" },
  { title: "first", align: "right" },
  { title: "median", align: "right" },
  { title: "best", align: "right" },
] as const;

async function bench(runs: number): Promise<void> {
  const rows: string[][] = [];
  for (const [name, scenario] of Object.entries(scenarios)) {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await play(scenario));
    const shown = (factor: number) => `${Math.round(factor).toLocaleString("en")} ×`;
    rows.push([name, shown(times[0] ?? 0), shown(median(times)), shown(Math.max(...times))]);
  }
  process.stdout.write(`${renderTable(columns, rows)}\n`);
  process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}\n`);
}

if (values.help) process.stdout.write(help);
else await bench(Math.max(1, Number(values.runs)));
