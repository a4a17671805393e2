import type { ProcessFacts, ProcessMemory } from "#domain/process.ts";
import type { KiB, Pid } from "#domain/units.ts";

/** Who is to be read again before anything is decided. */
export interface Leaders {
  /** What a process shows now. */
  note(process: ProcessFacts): void;
  forget(pid: Pid): void;
  pids(): ReadonlySet<Pid>;
}

/** By either measure. Whoever is chosen is among them, unless rules protect them all. */
const most = 16;
const permille = 1000;

/**
 * The largest by what they hold, and by the kernel's measure, in which oom_score_adj counts as memory of a machine of
 * `total`; and whoever is dying, until it is gone.
 */
export function makeLeaders(total: () => KiB): Leaders {
  const bySize = makeLargest();
  const byBadness = makeLargest();
  const dying = new Set<Pid>();
  return {
    note({ identity: { pid }, memory, oomScoreAdj, isDying, state }) {
      if (isDying && state !== "zombie") dying.add(pid);
      else dying.delete(pid);
      bySize.note(pid, memory && memory.rss + memory.swap);
      byBadness.note(pid, memory && countedOf(memory) + (total() * oomScoreAdj) / permille);
    },
    forget(pid) {
      for (const each of [bySize, byBadness]) each.forget(pid);
      dying.delete(pid);
    },
    pids: () => new Set([...bySize.pids(), ...byBadness.pids(), ...dying]),
  };
}

const countedOf = ({ counted, swap, pageTables }: ProcessMemory): number => counted + swap + pageTables;

/** Those with the largest figures, kept as figures come in. */
interface Largest {
  note(pid: Pid, size: number | undefined): void;
  forget(pid: Pid): void;
  pids(): Iterable<Pid>;
}

/** Who falls behind stays until somebody larger comes: those who were passed over are noted again when they are read. */
function makeLargest(): Largest {
  const sizes = new Map<Pid, number>();
  let least: Pid | undefined;

  const findLeast = (): Pid | undefined => {
    let found: Pid | undefined;
    for (const [pid, size] of sizes) if (found === undefined || size < (sizes.get(found) ?? 0)) found = pid;
    return found;
  };

  const forget = (pid: Pid): void => {
    if (sizes.delete(pid)) least = undefined;
  };

  return {
    note(pid, size) {
      if (size === undefined) return forget(pid);
      if (!sizes.has(pid) && sizes.size >= most) {
        least ??= findLeast();
        if (least === undefined || size <= (sizes.get(least) ?? 0)) return;
        sizes.delete(least);
      }
      sizes.set(pid, size);
      least = undefined;
    },
    forget,
    pids: () => sizes.keys(),
  };
}
