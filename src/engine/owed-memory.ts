import {
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  ratio,
  scale,
  subtract,
} from "#domain/units.ts";
import { balanceOf, type ScopeMemory } from "./scope-memory.ts";

/**
 * Memory that a victim has let go of and that cannot be seen as available yet. In a virtual machine that reports free
 * pages to its host, up to 1 GiB stays out of MemAvailable for up to 15 s (measured: Linux 6.18, 24 GiB guest,
 * 2026-11-22): without this, the second kill of one shortage would hit an innocent.
 */
export interface OwedMemory {
  /** headroom + held memory when the kill began. Taking and freeing move memory between the two; their sum stays. */
  readonly balance: KiB;
  /** What the kill brought back: never is more than this owed. */
  readonly freed: KiB;
  /** Headroom that could be seen when the kill ended, without what is owed. */
  readonly seen: KiB;
  readonly since: Milliseconds;
}

/** How long freed memory is waited for. What is owed falls to nothing over this time. */
const patience = milliseconds(15_000);

/**
 * What is owed cannot be used yet: it speaks against a kill, but a second hog lives on what can be seen. As that is used up,
 * the trust in the rest goes with it.
 */
const trust = ({ seen }: OwedMemory, headroom: KiB): number => (headroom < seen ? ratio(headroom, seen) : 1);

/** How much is still on its way. */
export function stillOwed(owed: OwedMemory | undefined, memory: ScopeMemory, at: Milliseconds): KiB {
  if (owed === undefined) return kib(0);
  const left = 1 - ratio(subtract(at, owed.since), patience);
  if (left <= 0) return kib(0);
  const missing = least(lessened(owed.balance, balanceOf(memory)), scale(owed.freed, left));
  return kib(scale(missing, trust(owed, memory.headroom)));
}
