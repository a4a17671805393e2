import type { Quiet } from "#domain/quiet.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, atLeast, below } from "#domain/units.ts";
import type { Look, Machine } from "#machine/machine.ts";

/** What is read to tell whether it is quiet. */
const glance: Look = { needs: ["meminfo", "pressure"], isPressing: true };

/** Whether everything holds that a look would have to find otherwise. */
function holds({ meminfo, pressure }: Snapshot, quiet: Quiet): boolean {
  const memory = knownValue(meminfo);
  const stall = knownValue(pressure)?.some.total;
  if (memory?.available === undefined || stall === undefined) return false;
  const { total, hugetlb, swapTotal, swapFree } = quiet.meminfo;
  const isSame = memory.total === total && memory.hugetlb === hugetlb;
  const isSameSwap = memory.swapTotal === swapTotal && memory.swapFree === swapFree;
  return isSame && isSameSwap && atLeast(memory.available, quiet.available) && !below(quiet.stalled, stall);
}

/**
 * A machine that goes on waiting as long as it is quiet, and tells afterwards when it last was, as the real one does.
 *
 * @param whenSpared is called whenever a look would have been due, and is not wanted
 */
export function withQuietWaits(machine: Machine, whenSpared: () => void): Machine {
  let last: Snapshot | undefined;
  /** Notes what it saw; at the end of the time a look is wanted all the same. */
  const isStillQuiet = (quiet: Quiet): boolean => {
    const seen = machine.sense(glance);
    if (!holds(seen, quiet)) return false;
    whenSpared();
    last = seen;
    return below(add(machine.now(), quiet.every), quiet.until);
  };
  return {
    ...machine,
    sense(look) {
      if (last === undefined) return machine.sense(look);
      const quiet = last;
      last = undefined;
      machine.wake();
      return { ...quiet, hasBeenQuiet: true };
    },
    async wait(until, quiet) {
      if (quiet === undefined) return machine.wait(until);
      let waker = await machine.wait(add(machine.now(), quiet.every));
      while (waker === "due" && isStillQuiet(quiet)) waker = await machine.wait(add(machine.now(), quiet.every));
      return waker;
    },
  };
}
