import { add, greatest, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import type { Nursery } from "./nursery.ts";
import type { SimulatedProcess } from "./process.ts";
import { type ChildrenScript, settleScript } from "./process-script.ts";

/** A process begins to start others. */
export function openNursery(kernel: Kernel, parent: SimulatedProcess): void {
  const script = parent.script.children;
  if (script !== undefined) kernel.nurseries.push({ parent, script, alive: new Set(), born: 0, nextAt: kernel.now });
}

/** Who has gone starts nobody any more, and makes room for the next. */
export function leaveNursery({ nurseries, now }: Kernel, process: SimulatedProcess): void {
  for (const [index, nursery] of [...nurseries.entries()]) {
    // Who had to wait for room does not make up for the time it waited.
    if (nursery.alive.delete(process)) nursery.nextAt = greatest(nursery.nextAt, now);
    if (nursery.parent === process) nurseries.splice(index, 1);
  }
}

const isFull = ({ script: { atOnce }, alive }: Nursery): boolean => atOnce !== undefined && alive.size >= atOnce;

const isDone = ({ script: { count }, born }: Nursery): boolean => count !== undefined && born >= count;

const isHeld = ({ parent }: Nursery): boolean => parent.isStopped || parent.isDying;

/** When the next child is due; undefined: not before something else has changed. */
export const nextBirth = (nursery: Nursery): Milliseconds | undefined =>
  isHeld(nursery) || isFull(nursery) || isDone(nursery) ? undefined : nursery.nextAt;

/** Starts the children that are due, with the help of whoever can start a process. */
export function bearChildren(kernel: Kernel, start: (child: Birthplace) => SimulatedProcess): void {
  for (const nursery of [...kernel.nurseries]) {
    for (let at = nextBirth(nursery); at !== undefined && at <= kernel.now; at = nextBirth(nursery)) {
      const { parent, script, alive } = nursery;
      const child = settleScript({ ...script.each, startsAt: kernel.now, ...shifted(script, kernel.now) });
      alive.add(start({ script: child, parent }));
      nursery.born += 1;
      nursery.nextAt = add(at, milliseconds(1000 / script.perSecond));
    }
  }
}

/** A child, and who starts it. */
export interface Birthplace {
  readonly script: ReturnType<typeof settleScript>;
  readonly parent: SimulatedProcess;
}

function shifted({ each }: ChildrenScript, now: Milliseconds) {
  return {
    ...(each.endsAt !== undefined && { endsAt: add(each.endsAt, now) }),
    ...(each.stopsAt !== undefined && { stopsAt: add(each.stopsAt, now) }),
  };
}
