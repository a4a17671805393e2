import type { Alarm } from "#domain/alarm.ts";
import type { Giver } from "#domain/giver.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, greatest, type KiB, least, lessened, type Milliseconds } from "#domain/units.ts";
import { availableMemory, heldMemory, type Reserves } from "./headroom.ts";
import type { NotifyPlan } from "./plan.ts";

/** Memory as it was when a giver was asked: what it gave is measured against it. */
export interface MemoryMark {
  readonly headroom: KiB;
  readonly available: KiB;
  readonly held: KiB;
}

/** A giver that was asked and has not answered yet. */
export interface AskedGiver {
  readonly giver: Giver;
  readonly at: Milliseconds;
  readonly before: MemoryMark;
}

/** The chain under way: one giver after the other is asked. */
export interface GiverChain {
  readonly since: Milliseconds;
  /** The loudest one that givers were asked for. */
  readonly alarm: Alarm;
  readonly asked: AskedGiver | undefined;
  /** Those who have not been asked yet, in order. */
  readonly left: readonly Giver[];
  /** How many were asked. */
  readonly count: number;
  readonly freed: KiB;
  /** A victim was called for while it went on. */
  readonly wasCalledFor: boolean;
}

/** All that is remembered of givers. */
export interface NotifyState {
  /** Whom the machine has ready; undefined when some of them were used up. */
  readonly enlisted: readonly Giver[] | undefined;
  readonly chain: GiverChain | undefined;
  /** The chain before. */
  readonly last: { readonly endedAt: Milliseconds; readonly alarm: Alarm } | undefined;
}

/** Nobody is ready, nobody was asked. */
export const noGivers: NotifyState = { enlisted: [], chain: undefined, last: undefined };

/** What memory is marked by. */
export interface SeenMemory {
  readonly meminfo: Meminfo;
  readonly headroom: KiB;
}

/** Memory as a look saw it. */
export const markMemory = ({ meminfo, headroom }: SeenMemory, reserves: Reserves): MemoryMark => ({
  headroom,
  available: availableMemory(meminfo, reserves),
  held: heldMemory(meminfo),
});

/**
 * What there is more than before. Each of the three misses some: reclaim moves memory to swap, so that only what is available
 * rises; swap that is let go of shows in headroom; what a process freed may lag in both (see owed-memory.ts).
 */
export const givenSince = (before: MemoryMark, now: MemoryMark): KiB =>
  greatest(
    lessened(before.held, now.held),
    greatest(lessened(now.headroom, before.headroom), lessened(now.available, before.available)),
  );

/** When the chain as a whole has no time left: a kill waits for it no longer than this. */
export const chainDeadline = ({ since }: GiverChain, { deadline }: NotifyPlan): Milliseconds => add(since, deadline);

/** When an asked giver has no time left. */
export const giverDeadline = (chain: GiverChain, { giver, at }: AskedGiver, plan: NotifyPlan): Milliseconds =>
  least(add(at, giver.timeout), chainDeadline(chain, plan));

/** The moments at which a chain goes on even if nothing is seen. */
export function chainDeadlines({ chain }: NotifyState, plan: NotifyPlan): readonly Milliseconds[] {
  if (chain === undefined) return [];
  return chain.asked === undefined ? [chainDeadline(chain, plan)] : [giverDeadline(chain, chain.asked, plan)];
}
