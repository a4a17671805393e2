import type { SessionRole } from "#domain/guard.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type Uid, uid } from "#domain/units.ts";
import { standingOf } from "#engine/guard/session-guard.ts";
import { roleOfProgram } from "#engine/guard/session-programs.ts";
import type { ManagedUnit } from "#linux/unit-oom-policy.ts";
import type { CheckUp, Diagnosis } from "./diagnosis.ts";

const topic = "session";

/** What a session ends with. */
const holders: ReadonlySet<SessionRole> = new Set([
  "compositor",
  "display-server",
  "display-manager",
  "session-manager",
  "session",
  "desktop-shell",
]);

/** Nobody is spared for this answer: a name is enough to ask for. */
function isHolder(process: ProcessFacts): boolean {
  const role = standingOf(process).guard?.role ?? roleOfProgram(process.traits.exe ?? process.comm);
  return role !== undefined && holders.has(role);
}

/** Units whose every process dies with the first that the kernel kills. */
export const examineSession: CheckUp = ({ snapshot, oomPolicyOf }) => {
  const table = knownValue(snapshot.processes);
  if (table === undefined) return [];
  const held = unitsHolding(table.processes.filter(isHolder));
  return [...held].flatMap(([key, { unit, comms }]) => {
    const policy = oomPolicyOf(unit);
    return policy === "stop" || policy === "kill" ? [endsWithOne(key, comms, policy)] : [];
  });
};

interface Holding {
  readonly unit: ManagedUnit;
  readonly comms: readonly string[];
}

/** By the unit's name, with its user. */
function unitsHolding(processes: readonly ProcessFacts[]): ReadonlyMap<string, Holding> {
  const held = new Map<string, Holding>();
  for (const { comm, traits } of processes) {
    const unit = unitOf(traits.cgroup ?? "");
    if (unit === undefined) continue;
    const key = unit.user === undefined ? unit.name : `${unit.name} of uid ${unit.user}`;
    held.set(key, { unit, comms: [...new Set([...(held.get(key)?.comms ?? []), comm])] });
  }
  return held;
}

/** The service that a cgroup belongs to: the innermost, and whose manager runs it. */
function unitOf(cgroup: string): ManagedUnit | undefined {
  const parts = cgroup.split("/");
  const name = parts.findLast((part) => part.endsWith(".service"));
  if (name === undefined) return undefined;
  const manager = parts.map(managedUser).find((user) => user !== undefined);
  return { name, user: name.startsWith("user@") ? undefined : manager };
}

function managedUser(part: string): Uid | undefined {
  const found = /^user@(\d{1,10})\.service$/.exec(part)?.[1];
  return found === undefined ? undefined : uid(Number(found));
}

const endsWithOne = (unit: string, comms: readonly string[], policy: string): Diagnosis => ({
  topic,
  severity: "warning",
  finding: `${unit} holds ${comms.join(", ")}, and has OOMPolicy=${policy}`,
  consequence:
    "if tidemark is late, the kernel kills one process of it, and systemd ends all the others: the session is gone",
  advice: `systemctl edit the unit, and set OOMPolicy=continue`,
});
