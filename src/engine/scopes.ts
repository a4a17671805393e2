import type { WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { factNames, knownValue, type Snapshot } from "#domain/snapshot.ts";
import type { KnownFacts } from "./define-detector.ts";
import type { EngineState } from "./engine-state.ts";
import type { Sight } from "./evidence.ts";
import { currentReserves, ordinaryRam } from "./headroom.ts";
import { swapCapacityOf } from "./memcg-capacity.ts";
import { limitOf } from "./memcg-headroom.ts";
import { nobody, type Plan } from "./plan.ts";
import { measureMachine, measureMemcg } from "./scope-memory.ts";
import type { ScopeName } from "./scope-state.ts";

/** What may be short of memory, as one look sees it. */
export interface Scope {
  readonly name: ScopeName;
  /** Undefined: the scope is the whole machine. */
  readonly memcg: WatchedMemcg | undefined;
  /** With the watermarks, detectors and alarms of the scope. */
  readonly plan: Plan;
  readonly sight: Sight;
}

/** A look that can be decided upon. */
export interface SoundLook {
  readonly snapshot: Snapshot;
  readonly meminfo: Meminfo;
  readonly plan: Plan;
}

type Remembered = Pick<EngineState, "reserves" | "seldom">;

/** The whole machine as a scope. */
export function machineScope(remembered: Remembered, { snapshot, meminfo, plan }: SoundLook): Scope {
  const reserves = currentReserves(snapshot, remembered.reserves);
  const facts = knownFacts(snapshot, { ...remembered, reserves });
  const sight = { at: snapshot.takenAt, facts, meminfo, memory: measureMachine(meminfo, reserves) };
  return { name: undefined, memcg: undefined, plan, sight };
}

/** What was read at this look, and what is read at a lower rate and remembered. */
function knownFacts(snapshot: Snapshot, { reserves: { swaps }, seldom }: Remembered): KnownFacts {
  const read = factNames.map((fact) => [fact, knownValue<unknown>(snapshot[fact])] as const);
  const { zoneinfo, overcommit } = seldom;
  return {
    ...(swaps && { swaps }),
    ...(zoneinfo?.value && { zoneinfo: zoneinfo.value }),
    ...(overcommit?.value && { overcommit: overcommit.value }),
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
  };
}

/** A watched memcg as a scope, or why it cannot be one. */
export function memcgScope(
  memcg: WatchedMemcg,
  machine: Scope,
  { snapshot, meminfo, plan }: SoundLook,
): Scope | "unlimited" | "limit-too-small" {
  const ram = ordinaryRam(meminfo);
  const swap = swapCapacityOf(memcg.limits, meminfo.swapTotal);
  const planned = plan.memcgs.find(({ path }) => path === memcg.named);
  const within = planned?.within({ limit: limitOf(memcg), ram, swap });
  const byBranch = planned?.byBranch;
  if (within === undefined || typeof within === "string") return within ?? "unlimited";
  const { pressure } = memcg;
  const memory = measureMemcg(memcg, meminfo, machine.sight.memory);
  const sight = { at: snapshot.takenAt, facts: { meminfo, memcg, ...(pressure && { pressure }) }, meminfo, memory };
  // Givers are asked for the sake of the whole machine: who they are, and what they hold, has nothing to do with a memcg.
  const own = { ...plan, ...within, ...(byBranch && { byBranch }), notify: { ...plan.notify, givers: nobody } };
  return { name: memcg.path, memcg, plan: own, sight };
}
