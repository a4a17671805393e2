import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { type KiB, mib, oomScoreAdj, pid, uid } from "#domain/units.ts";
import { type Chance, churn, randomProcess, randomTable } from "#test/support/bench/random-table.ts";
import { asPart, withSession } from "#test/support/session-parts.ts";

/** A table in calm: of anybody, and now and then with a session, with jobs that make a family, and with an application. */
export function calmTable(chance: Chance): ProcessTable {
  const random = randomTable(20 + chance(60), chance);
  const plain = chance(2) === 0 ? withSession(random, chance) : random;
  const crowded = chance(2) === 0 ? withJobs(plain, chance) : plain;
  const parented = chance(3) === 0 ? addChildren(crowded, chance) : crowded;
  return chance(3) > 0 ? swell(parented, chance) : parented;
}

/** The same at the next look: some hold more, some have come, and what would be of consequence happens rather often. */
export function later(table: ProcessTable, chance: Chance): ProcessTable {
  if (chance(4) === 0) return swell(table, chance);
  const churned = churn(table, { changed: chance(5), replaced: chance(3) }, chance);
  const parented = chance(6) === 0 ? addChildren(churned, chance) : churned;
  const crowded = chance(4) === 0 ? addCrowd(parented, chance) : parented;
  const disturbed = chance(4) === 0 ? disturbCrowd(crowded, chance) : crowded;
  const processes = disturbed.processes.map((each, at) => (at > 1 && chance(40) === 0 ? alter(each, chance) : each));
  return { ...disturbed, processes };
}

const firstPid = 2000;

const lastPid = ({ processes }: ProcessTable): number => Math.max(...processes.map(({ identity }) => identity.pid));

/** One of many of a kind, each of which holds little of the machine. */
function oneOfMany(process: ProcessFacts, parent: number, size: KiB): ProcessFacts {
  const memory = process.memory && { ...process.memory, anon: size, rss: size, counted: size };
  const traits = { ...process.traits, cgroup: undefined };
  return { ...process, parent: pid(parent), comm: "job", uid: uid(7), oomScoreAdj: oomScoreAdj(0), memory, traits };
}

/** Several of one kind come at once, of one parent or of many. */
function addCrowd(table: ProcessTable, chance: Chance): ProcessTable {
  const [last, isOfOne, size] = [lastPid(table), chance(2) === 0, mib(50 + chance(250))];
  const born = Array.from({ length: 4 + chance(16) }, (_, n) =>
    oneOfMany(randomProcess(last + 1 + n, chance), firstPid + (isOfOne ? 1 : chance(20)), size),
  );
  return { ...table, processes: [...table.processes, ...born] };
}

/** One of those that are there and its copies, which make a family. */
function withJobs(table: ProcessTable, chance: Chance): ProcessTable {
  const jobs = addCrowd(table, chance);
  const heads = new Set(jobs.processes.slice(table.processes.length).map(({ parent }) => parent));
  const processes = jobs.processes.map((process) =>
    heads.has(process.identity.pid) ? oneOfMany(process, 1, mib(5)) : process,
  );
  return { ...jobs, processes };
}

/** The parent of copies changes its name or leaves, and some of them grow. */
function disturbCrowd(table: ProcessTable, chance: Chance): ProcessTable {
  const isJob = ({ comm }: ProcessFacts) => comm === "job";
  const parents = new Set(table.processes.filter(isJob).map(({ parent }) => parent));
  const isParent = ({ identity }: ProcessFacts): boolean => parents.has(identity.pid) && identity.pid !== table.self;
  const isLeaving = chance(2) === 0;
  const grow = (process: ProcessFacts): ProcessFacts =>
    chance(4) === 0 ? oneOfMany(process, process.parent ?? 1, mib(200 + chance(200))) : process;
  const processes = table.processes
    .filter((process) => !(isLeaving && isParent(process)))
    .map((process) => (isParent(process) ? { ...process, comm: "job-2" } : isJob(process) ? grow(process) : process));
  return { ...table, processes };
}

/** One of them starts two more, itself or by one that holds little, which hold more together than it does. */
function addChildren(table: ProcessTable, chance: Chance): ProcessTable {
  const starter = table.processes[2 + chance(table.processes.length - 2)];
  if (starter === undefined) return table;
  const { traits } = starter;
  const size = mib(150 + chance(800));
  const main = { ...oneOfMany(starter, starter.parent ?? 1, size), comm: "main", traits };
  const start = (n: number, from: number, held: KiB): ProcessFacts => ({
    ...oneOfMany(randomProcess(lastPid(table) + n, chance), from, held),
    comm: `child-${n}`,
    traits,
  });
  const server = chance(2) === 0 ? [start(3, main.identity.pid, mib(2))] : [];
  const parent = (server[0] ?? main).identity.pid;
  const children = [4, 5].map((n) => start(n, parent, mib((size / 2048) * (1 + chance(2)))));
  const processes = table.processes.map((process) => (process === starter ? main : process));
  return { ...table, processes: [...processes, ...server, ...children] };
}

/** One of them takes much, and may still be smaller than others. */
function swell(table: ProcessTable, chance: Chance): ProcessTable {
  const at = 2 + chance(table.processes.length - 2);
  const size = mib(300 + chance(900));
  const processes = table.processes.map((process, place) =>
    place === at && process.memory !== undefined
      ? { ...process, memory: { ...process.memory, anon: size, rss: size, counted: size } }
      : process,
  );
  return { ...table, processes };
}

/** What else can happen to one. */
function alter(process: ProcessFacts, chance: Chance): ProcessFacts {
  const changes: readonly Partial<ProcessFacts>[] = [
    { comm: "java" },
    { uid: uid(7) },
    { parent: pid(1 + chance(2020)) },
    { isDying: true },
    { memory: undefined },
    { traits: { ...process.traits, cgroup: undefined } },
    { leadsTerminal: true },
    asPart(process, chance),
  ];
  return { ...process, ...changes[chance(changes.length)] };
}
