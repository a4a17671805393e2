import type { ProcessFacts } from "#domain/process.ts";
import {
  add,
  cgroupPath,
  initPid,
  kib,
  type Milliseconds,
  mib,
  milliseconds,
  oomScoreAdj,
  subtract,
} from "#domain/units.ts";
import { type GiverScript, withGivers } from "#simulated/givers.ts";
import { withVictimPrograms } from "#simulated/victim-programs.ts";
import { aMachine } from "./a-machine.ts";
import { type Behaviour, findInTable, type GiverBehaviour, until, type World } from "./world.ts";

const memcg = cgroupPath("/hogs");

/** A world in virtual time. */
export function simulatedWorld(): World {
  const machine = withVictimPrograms(
    withGivers(aMachine().withFileCache(mib(500)).withCgroup(memcg).boot(), [
      giverScript("gives"),
      giverScript("fails"),
      giverScript("hangs"),
    ]),
  );
  let started = 0;
  return {
    machine,
    memcg: () => memcg,
    parentOfHogs: initPid,
    async start(behaviour = {}) {
      started += 1;
      const script = scriptOf(behaviour, { number: started, now: machine.now() });
      const hog = machine.start(script);
      const twin = {
        ...script,
        name: `${script.name}-2`,
        sharesMemoryWith: script.name,
        parent: script.name,
        anon: mib(0),
      };
      const sharer = behaviour.sharesMemory ? machine.start(twin) : undefined;
      await until(machine, "the hog is filled", () => isReady(findInTable(machine, hog), script));
      return { hog, sharer };
    },
    async prepareGiver(behaviour) {
      const holder = machine.find(`giver-${behaviour}`);
      const giver = { name: behaviour, means: { kind: "drop-caches", level: 2 }, timeout: milliseconds(1000) } as const;
      return { giver, hasGiven: () => holder === undefined || !machine.isAlive(holder) };
    },
    end: (identity) => machine.kill(identity),
    isAlive: (identity) => machine.isAlive(identity),
    [Symbol.asyncDispose]() {
      machine[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

const giverScript = (behaves: GiverBehaviour): GiverScript => ({
  name: behaves,
  holds: mib(64),
  after: milliseconds(30),
  behaves,
});

/** Long enough to be filled before it is stopped. */
const stopDelay = milliseconds(200);

interface Birth {
  readonly number: number;
  readonly now: Milliseconds;
}

const scriptOf = (behaviour: Behaviour, { number, now }: Birth) => ({
  name: behaviour.name ?? `hog${number}`,
  anon: behaviour.size ?? mib(64),
  exe: "/usr/bin/hog",
  cmdline: "hog",
  oomScoreAdj: behaviour.oomScoreAdj ?? oomScoreAdj(1000),
  onSigterm: behaviour.ignoresSigterm
    ? ({ kind: "ignores" } as const)
    : { kind: "exits" as const, after: milliseconds(5) },
  ...(behaviour.isInMemcg && { cgroup: memcg }),
  ...(behaviour.uid !== undefined && { uid: behaviour.uid }),
  ...(behaviour.isStopped && { stopsAt: add(now, stopDelay) }),
});

const isReady = (process: ProcessFacts | undefined, script: ReturnType<typeof scriptOf>): boolean =>
  process?.memory !== undefined &&
  process.memory.anon >= subtract(script.anon, kib(4)) &&
  (script.stopsAt === undefined || process.state === "stopped");
