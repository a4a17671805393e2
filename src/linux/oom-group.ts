import type { Identity } from "#domain/identity.ts";
import { type HoldMeans, holdProcess, type ProcessHold, type Refusal } from "./process-hold.ts";
import { hasExited } from "./victim.ts";

/**
 * Takes hold of the others of a memcg that dies as a whole, or refuses when one of them is out of reach. Who is gone, or was given
 * an `oom_score_adj` of −1000 since, is spared, as by the kernel.
 * @see v6.12 mm/oom_kill.c: oom_kill_memcg_member
 */
export function holdGroup(members: readonly Identity[], means: HoldMeans): readonly ProcessHold[] | Refusal {
  const holds: ProcessHold[] = [];
  for (const member of members) {
    const hold = holdProcess(member, means);
    if (hold.kind === "hold") {
      if (hasExited(hold)) hold[Symbol.dispose]();
      else holds.push(hold);
    } else if (hold.why === "failed") {
      for (const held of holds) held[Symbol.dispose]();
      return hold;
    }
  }
  return holds;
}
