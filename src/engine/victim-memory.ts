import { add, atLeast, gib, type KiB, lessened, type Milliseconds, ratio, scale, seconds } from "#domain/units.ts";
import { balanceOf, type ScopeMemory } from "./scope-memory.ts";
import type { InFlight } from "./scope-state.ts";

/** A victim's memory counts as back when this share of what was expected has been seen. */
const enough = 1 / 2;
/** So much of it is no accident. */
const noticeable = 1 / 8;

/** No machine gives memory back more slowly than this much in a second. (Exiting processes were seen to give 9 to 18 GiB/s back.) */
const slowestReturn = gib(1);

/** What processes hold less than before, and what belonged to the kernel on the victim's behalf (page tables, stacks). */
export function freedSince(flight: InFlight, memory: ScopeMemory): KiB {
  const fromProcesses = lessened(flight.heldBefore, memory.held);
  const fromKernel = lessened(balanceOf(memory), flight.balanceBefore);
  return add(fromProcesses, fromKernel);
}

/** Whether enough of a victim's memory has been seen to call it back. */
export const isBack = (freed: KiB, { returns }: InFlight): boolean => atLeast(freed, scale(returns, enough));

/** Whether some of it has been seen. */
export const isOnItsWay = (freed: KiB, { returns }: InFlight): boolean => atLeast(freed, scale(returns, noticeable));

/** How long a victim may need to give all its memory back, however large it is. */
export const returnTime = ({ returns }: InFlight): Milliseconds => seconds(ratio(returns, slowestReturn));
