import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { type CgroupPath, cgroupPath, type KiB, kib, mib } from "#domain/units.ts";
import { seededRandom } from "#simulated/random.ts";
import { someProcess, someTable } from "#test/support/a-snapshot.ts";

/** A whole number below a bound. */
export type Chance = (below: number) => number;

/** The same numbers for the same seed. */
export function chanceOf(seed: number): Chance {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}

const programs = ["chrome", "code", "node", "postgres", "python3", "bash", "make", "cc1plus", "java", "worker"];

/** A third in scopes of applications, a fifth in services, the rest in a login session or in no unit at all. */
function cgroupFor(pid: number, chance: Chance): CgroupPath | undefined {
  const kind = chance(10);
  if (kind < 3) return cgroupPath(`/user.slice/user-1000.slice/user@1000.service/app.slice/app-${pid >> 3}.scope`);
  if (kind < 5) return cgroupPath(`/system.slice/unit-${pid >> 2}.service`);
  return kind < 9 ? cgroupPath(`/user.slice/user-1000.slice/session-${chance(4)}.scope`) : undefined;
}

const smallOrLarge = (chance: Chance): KiB => (chance(50) === 0 ? mib(chance(900)) : kib(chance(20_000)));

/** Some process, started by one that is elder. */
export function randomProcess(pid: number, chance: Chance): ProcessFacts {
  const program = programs[chance(programs.length)] ?? "worker";
  const cgroup = cgroupFor(pid, chance);
  return someProcess({
    pid,
    parent: chance(5) === 0 ? 1 : 2000 + chance(Math.max(1, pid - 2000)),
    comm: chance(3) === 0 ? `${program}-${chance(200)}` : program,
    uid: chance(4) === 0 ? chance(50) : 1000,
    anon: smallOrLarge(chance),
    swap: chance(8) === 0 ? kib(chance(8000)) : kib(0),
    virtual: kib(100_000 + chance(1_000_000)),
    oomScoreAdj: chance(6) === 0 ? chance(4) * 100 : 0,
    exe: `/usr/lib/${program}/${chance(30)}/${program}`,
    cmdline: `${program} --type=renderer --id=${pid} --shared-files=v8_context_snapshot_data:100 --seatbelt-client=${chance(99)}`,
    ...(cgroup && { cgroup }),
  });
}

const firstPid = 2000;

/** A machine with so many processes. */
export function randomTable(size: number, chance: Chance): ProcessTable {
  const { processes, ...table } = someTable([]);
  const others = Array.from({ length: size - processes.length }, (_, index) => randomProcess(firstPid + index, chance));
  return { ...table, processes: [...processes, ...others] };
}

/** What a round does to a table. */
export interface Churn {
  /** So many use more or less memory than before: always of the same few who are at work, most processes sleep. */
  readonly changed: number;
  /** So many of the youngest go, and as many come. */
  readonly replaced: number;
}

/** Who is at work, for each that changes in a round. */
const atWork = 4;

/** The table a moment later: whoever did not change is the very same object, as a table that is kept current has it. */
export function churn(table: ProcessTable, { changed, replaced }: Churn, chance: Chance): ProcessTable {
  const processes = [...table.processes];
  const own = ownOf(table).length;
  const others = processes.length - own;
  for (let n = 0; n < changed; n += 1) {
    const index = own + Math.floor((chance(changed * atWork) * others) / (changed * atWork));
    const before = processes[index];
    if (before?.memory === undefined) continue;
    const anon = smallOrLarge(chance);
    processes[index] = { ...before, memory: { ...before.memory, anon, rss: anon, counted: anon } };
  }
  const youngest = Math.max(...processes.slice(-1).map(({ identity }) => identity.pid));
  const young = Math.min(others, replaced * atWork);
  for (let n = 0; n < replaced; n += 1) processes.splice(processes.length - 1 - chance(Math.max(1, young - n)), 1);
  const born = Array.from({ length: replaced }, (_, n) => randomProcess(youngest + 1 + n, chance));
  return { ...table, processes: [...processes, ...born] };
}

/** Init and the killer itself. */
const ownOf = ({ processes }: ProcessTable): readonly ProcessFacts[] => processes.slice(0, 2);
