import type { Alarm } from "#domain/alarm.ts";
import type { Giver } from "#domain/giver.ts";
import { add, greatest, type KiB, least, lessened, type Milliseconds } from "#domain/units.ts";
import { type NotifyPlan, nobody } from "./plan.ts";
import type { ScopeMemory } from "./scope-memory.ts";

/** A giver that was asked and has not answered yet. */
export interface AskedGiver {
  readonly giver: Giver;
  readonly at: Milliseconds;
  /** Memory as it was then: what it gives is measured against it. */
  readonly before: ScopeMemory;
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
export const noGivers: NotifyState = { enlisted: nobody, chain: undefined, last: undefined };

/** Memory as a look saw it, with what the last victim still owes. */
export const markMemory = ({
  memory,
  headroom,
}: {
  readonly memory: ScopeMemory;
  readonly headroom: KiB;
}): ScopeMemory => ({ ...memory, headroom });

/**
 * What there is more than before. Each of the three misses some: reclaim moves memory to swap, so that only what is available
 * rises; swap that is let go of shows in headroom; what a process freed may lag in both (see owed-memory.ts).
 */
export const givenSince = (before: ScopeMemory, now: ScopeMemory): KiB =>
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
