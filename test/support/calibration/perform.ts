import { setTimeout as sleep } from "node:timers/promises";
import { atLeast, milliseconds, subtract } from "#domain/units.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type Actor, startActor } from "./actors.ts";
import type { Watcher } from "./watch.ts";

/** Where a scenario is played for real. */
export interface Stage {
  readonly watcher: Watcher;
  /** The memcg that stands for the one of the scenario. */
  readonly memcg?: string;
  /** Who plays; all of them are to be ended. */
  readonly actors: Actor[];
  /** Nothing more will happen that is worth waiting for. */
  readonly isOver: () => boolean;
}

const betweenLooks = 20;
/** Whoever was killed last still has to go. */
const afterwards = 400;

/** Lets the processes of a scenario begin when they have to, and waits until its story is over, at most for as long as it lasts. */
export async function perform({ processes, duration }: Scenario, stage: Stage): Promise<void> {
  const { watcher, memcg, actors, isOver } = stage;
  const start = (script: Scenario["processes"][number]): Actor => {
    const actor = startActor(script, memcg);
    actors.push(actor);
    watcher.follow({ name: actor.name, pid: actor.identity.pid });
    return actor;
  };
  const first = processes.filter(({ startsAt = milliseconds(0) }) => startsAt === 0);
  for (const script of first) await start(script).filled;
  const began = milliseconds(performance.now());
  const passed = () => subtract(milliseconds(performance.now()), began);
  const upcoming = processes.filter((script) => !first.includes(script));
  while (!isOver() && !atLeast(passed(), duration)) {
    const due = upcoming.filter(({ startsAt = milliseconds(0) }) => atLeast(passed(), startsAt));
    for (const script of due) start(script);
    upcoming.splice(0, upcoming.length, ...upcoming.filter((script) => !due.includes(script)));
    await sleep(betweenLooks);
  }
  await sleep(afterwards);
}
