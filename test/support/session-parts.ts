import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { cgroupPath } from "#domain/units.ts";
import type { Chance } from "./bench/random-table.ts";

const installed = "/usr/bin/";
const login = cgroupPath("/user.slice/user-1000.slice/session-1.scope");

/** Parts of a session, and those who are parts by their relatives only, among whatever else there is. */
const parts: readonly Partial<ProcessFacts>[] = [
  { traits: { exe: `${installed}gnome-shell`, cmdline: undefined, cgroup: undefined } },
  { traits: { exe: `${installed}lightdm`, cmdline: undefined, cgroup: login } },
  { traits: { exe: `${installed}bash`, cmdline: undefined, cgroup: login }, leadsTerminal: true },
  { traits: { exe: "/home/u/bin/nu", cmdline: undefined, cgroup: undefined }, leadsTerminal: true },
  { traits: { exe: "/home/u/bin/kitty", cmdline: undefined, cgroup: undefined } },
];

/** A process in the place of one of them. */
export const asPart = (process: ProcessFacts, chance: Chance): ProcessFacts => ({
  ...process,
  ...parts[chance(parts.length)],
});

/** A table in which some are parts of a session, and many are children of these. */
export function withSession(table: ProcessTable, chance: Chance): ProcessTable {
  const processes = table.processes.map((process, at) =>
    at > 1 && chance(6) === 0 ? asPart(process, chance) : process,
  );
  const pids = processes.flatMap(({ identity }, at) => (processes[at] === table.processes[at] ? [] : [identity.pid]));
  const adopt = (process: ProcessFacts): ProcessFacts => {
    const parent = chance(3) === 0 ? pids[chance(pids.length)] : undefined;
    return parent === undefined || parent >= process.identity.pid ? process : { ...process, parent };
  };
  return { ...table, processes: processes.map((process, at) => (at > 1 ? adopt(process) : process)) };
}
