import fc from "fast-check";
import { add, atLeast, below, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Machine } from "#machine/machine.ts";

/** A time in which nobody looks: the daemon is stopped. */
export interface Pause {
  readonly at: Milliseconds;
  readonly lasts: Milliseconds;
}

/** Up to two pauses, from one that is no gap to one longer than any window. */
export const pauses: fc.Arbitrary<readonly Pause[]> = fc.array(
  fc
    .record({ at: fc.integer({ min: 0, max: 20_000 }), lasts: fc.constantFrom(300, 900, 5000) })
    .map(({ at, lasts }): Pause => ({ at: milliseconds(at), lasts: milliseconds(lasts) })),
  { maxLength: 2 },
);

/** Waits for a look; one that falls into a pause comes when the pause is over. */
export async function waitThrough(machine: Machine, planned: Milliseconds, all: readonly Pause[]): Promise<void> {
  const pause = all.find(({ at }) => atLeast(at, machine.now()) && below(at, planned));
  if (pause === undefined) {
    await machine.wait(planned);
    return;
  }
  const end = add(planned, pause.lasts);
  while (below(machine.now(), end)) {
    // News of a victim ends a wait until somebody looks; here nobody is there to see it.
    machine.sense({ needs: [], isPressing: true });
    await machine.wait(end);
  }
}
