import type { MemorySharers } from "#domain/decision.ts";
import { type Identity, type IdentityKey, identityKey, isSameIdentity } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import { initPid, type Milliseconds, milliseconds, oomScoreAdjMin, type Pid, subtract } from "#domain/units.ts";
import type { ReapReport, VictimReport } from "#domain/victim-report.ts";
import type { Kernel } from "./kernel.ts";
import { isOnItsWayOut, isThere, type SimulatedProcess } from "./process.ts";

/** Why a victim was not signalled. */
export type Refusal = Omit<Extract<Outcome, { kind: "refused" }>, "kind">;

/** A victim that was signalled or adopted. */
export interface HeldVictim {
  readonly kind: "held";
  readonly identity: Identity;
  /** The victim first, then those who share its memory. */
  readonly processes: readonly [SimulatedProcess, ...SimulatedProcess[]];
  /** The others of a memcg that dies as a whole with it. */
  readonly group: readonly SimulatedProcess[];
  reap: ReapReport;
  exitedAt: Milliseconds | undefined;
}

/** What is held for a victim from the first act upon it until it is released. */
export type VictimRecord =
  | HeldVictim
  | { readonly kind: "refused"; readonly identity: Identity; readonly refusal: Refusal };

/** The victims of tidemark on this machine. */
export interface Victims {
  readonly records: Map<IdentityKey, VictimRecord>;
  /** Something became of a victim that no look has seen yet. */
  hasNews: boolean;
}

/** The record before anybody was signalled. */
export const noVictims = (): Victims => ({ records: new Map(), hasNews: false });

/** Keeps a record, in place of an older one of the same victim. */
export const keep = ({ records }: Victims, record: VictimRecord): void => {
  records.set(identityKey(record.identity), record);
};

/** The process that was decided upon, or why it must not be signalled. */
export function findVictim(kernel: Kernel, identity: Identity): SimulatedProcess | Refusal {
  if (isOurs(kernel, identity.pid)) return { why: "became-protected" };
  const found = kernel.byPid.get(identity.pid);
  if (found === undefined) return { why: "gone" };
  if (!isSameIdentity(found.identity, identity)) return { why: "identity-changed" };
  return isUntouchable(kernel, found) ? { why: "became-protected" } : found;
}

/** pid 1, the killer and its ancestors: not to be signalled, whoever they are by now. */
const isOurs = (kernel: Kernel, pid: Pid): boolean => pid === initPid || ownLineage(kernel).has(pid);

const isUntouchable = (kernel: Kernel, { identity, isKernelThread, script }: SimulatedProcess): boolean =>
  isOurs(kernel, identity.pid) || isKernelThread || script.oomScoreAdj === oomScoreAdjMin;

function ownLineage({ byPid, self }: Kernel): ReadonlySet<Pid> {
  const lineage = new Set<Pid>();
  for (let at: Pid | undefined = self.pid; at !== undefined && !lineage.has(at); at = byPid.get(at)?.parent) {
    lineage.add(at);
  }
  return lineage;
}

/** Who of the suspects does share the victim's memory, or why that forbids to signal it. */
export function findSharers(
  kernel: Kernel,
  victim: SimulatedProcess,
  { suspects, protectedSuspects }: MemorySharers,
): readonly SimulatedProcess[] | Refusal {
  const users = [...victim.mm.users].filter((user) => user !== victim);
  const among = (identities: readonly Identity[]) =>
    users.filter((user) => identities.some((identity) => isSameIdentity(identity, user.identity)));
  const sharers = among(suspects);
  const mustLive = among(protectedSuspects).length > 0 || sharers.some((sharer) => isUntouchable(kernel, sharer));
  return mustLive ? { why: "shares-memory-with-protected" } : sharers;
}

/** Begins to take a victim's memory away. @see mm/oom_kill.c: process_mrelease */
export function beginReap(kernel: Kernel, victims: Victims, victim: HeldVictim): void {
  victim.reap = tryReap(kernel, victim);
  if (victim.reap.kind !== "under-way") victims.hasNews = true;
}

function tryReap({ scenario, now }: Kernel, { processes: [{ mm }], identity }: HeldVictim): ReapReport {
  if (scenario.lacks.includes("process-mrelease")) return { kind: "unsupported" };
  if (mm.users.size === 0 || mm.isDetached) return { kind: "exiting-by-itself" };
  if (!isOnItsWayOut(mm)) return { kind: "stuck", failure: notDying(identity) };
  if (mm.isReaped) return { kind: "released", took: milliseconds(0) };
  mm.reaping ??= { by: "tidemark", since: now };
  return { kind: "under-way", since: now };
}

const notDying = ({ pid }: Identity) => ({
  call: "process_mrelease",
  errno: "EINVAL",
  subject: `pid ${pid}`,
  advice: "Send SIGKILL to every process that uses this memory first",
});

/** Takes note of what has become of the victims. Returns whether somebody should look. */
export function followVictims(kernel: Kernel, victims: Victims): boolean {
  for (const record of victims.records.values()) {
    if (record.kind === "held" && record.exitedAt === undefined && follow(kernel, record)) victims.hasNews = true;
  }
  return victims.hasNews;
}

function follow({ now }: Kernel, victim: HeldVictim): boolean {
  const isBack = victim.reap.kind === "under-way" && victim.processes[0].mm.isReaped;
  if (victim.reap.kind === "under-way" && isBack) {
    victim.reap = { kind: "released", took: subtract(now, victim.reap.since) };
  }
  if ([...victim.processes, ...victim.group].some(isThere)) return isBack;
  victim.exitedAt = now;
  return true;
}

/** Where a victim stands. */
export function reportOf(record: VictimRecord): VictimReport {
  const { identity } = record;
  if (record.kind === "refused") return { identity, kind: "refused", ...record.refusal };
  const { reap, exitedAt } = record;
  return exitedAt === undefined ? { identity, kind: "alive", reap } : { identity, kind: "exited", at: exitedAt, reap };
}
