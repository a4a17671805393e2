import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import type { Decision } from "#domain/decision.ts";
import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { OomGroup } from "#domain/oom-scope.ts";
import type { ProcessTable } from "#domain/process.ts";
import { add, bytes, type CgroupPath, type KiB, kib, lessened, mib, milliseconds, scale } from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { judge } from "#engine/judge.ts";
import type { Plan } from "#engine/plan.ts";
import { aSnapshot, someMeminfo, somePressure } from "#test/support/a-snapshot.ts";
import { shippedPresets } from "#test/unit/config/shipped-presets.ts";
import type { GalleryMachine } from "./machines.ts";

/** What tidemark does with its shipped settings, or with a preset, on a machine. */
export function planFor({ ram, swap }: GalleryMachine, overrides: readonly string[] = []): Plan {
  const loaded = loadConfig({ presets: shippedPresets(), files: [], overrides });
  const compiled = compilePlan(loaded, { ram, userMemory: ram, swap, pageSize: bytes(4096), hasPressure: true });
  if (compiled.kind === "refused") throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan;
}

/** The start of a kill. */
export type Kill = Extract<Decision, { kind: "signal" }>;

/** Which alarm calls for somebody: with time to ask, or without. */
export type Need = "scarce" | "exhausted";

/** What a choice is made under. */
export interface Circumstances {
  readonly need: Need;
  /** A cgroup that dies as a whole (`memory.oom.group`). */
  readonly marked?: CgroupPath;
}

/** Who goes now, after a look in calm; undefined: nobody. */
export function chooseOne(machine: GalleryMachine, plan: Plan, { need, marked }: Circumstances): Kill | undefined {
  const { before, now, ram } = machine;
  const { headroom } = plan;
  const available = need === "scarce" ? lessened(headroom.low, mib(1)) : scale(headroom.min, 1 / 2);
  const calm = look(1000, { machine, table: before, available: scale(ram, 1 / 2), marked });
  const { state } = decide(calm, initialState(milliseconds(0)), plan);
  const { decisions } = decide(look(1900, { machine, table: now, available, marked }), state, plan);
  return decisions.find((decision) => decision.kind === "signal");
}

interface Scene {
  readonly machine: Pick<GalleryMachine, "ram" | "swap">;
  readonly table: ProcessTable;
  readonly available: KiB;
  readonly marked: CgroupPath | undefined;
}

const look = (at: number, { machine, table, available, marked }: Scene) =>
  aSnapshot({
    at,
    meminfo: someMeminfo({ total: machine.ram, available, swapTotal: machine.swap }),
    pressure: somePressure({ some: 0, full: 0 }),
    table,
    ...(marked !== undefined && { membership: { watched: [], groups: [groupOf(marked, table)] } }),
  });

const groupOf = (path: CgroupPath, { processes }: ProcessTable): OomGroup => ({
  path,
  members: new Set(processes.filter(({ traits }) => traits.cgroup === path).map(({ identity }) => identity.pid)),
});

/** Those who go one after the other, each with who dies with it. */
export function chooseMany(machine: GalleryMachine, plan: Plan, most: number): readonly Kill[] {
  const kills: Kill[] = [];
  let left = machine;
  while (kills.length < most) {
    const kill = chooseOne(left, plan, { need: "scarce" });
    if (kill === undefined) break;
    kills.push(kill);
    left = without(left, kill);
  }
  return kills;
}

/** A machine after a kill. */
export function without(machine: GalleryMachine, { victim, group }: Kill): GalleryMachine {
  const gone = new Set<IdentityKey>([victim.identity, ...(group?.members ?? [])].map(identityKey));
  const leave = (table: ProcessTable): ProcessTable => ({
    ...table,
    processes: table.processes.filter(({ identity }) => !gone.has(identityKey(identity))),
  });
  return { ...machine, before: leave(machine.before), now: leave(machine.now) };
}

/** What the engine makes of everybody. */
export const judgeAll = ({ now, ram, swap }: GalleryMachine, plan: Plan): readonly Judgement[] =>
  judge(now, { total: kib(add(ram, swap)), skipped: new Set() }, plan);
