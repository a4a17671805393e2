import type { MemorySharers } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { Pid } from "#domain/units.ts";
import { sharesMemory } from "#native-bindings/kcmp.ts";
import { ignore } from "./failure.ts";
import { type HoldMeans, holdProcess, type ProcessHold, type Refusal, refuse } from "./process-hold.ts";

/**
 * Takes hold of all processes that use the memory of a victim, or refuses when one of them must live.
 * Suspicion kills nobody: who is not proven to share is left alone.
 * @see mm/oom_kill.c: __oom_kill_process
 */
export function holdSharers(
  victim: Identity,
  { suspects, protectedSuspects }: MemorySharers,
  means: HoldMeans,
): readonly ProcessHold[] | Refusal {
  const isSharer = ({ pid }: Identity): boolean => pid !== victim.pid && isProvenToShare(victim.pid, pid);
  if (protectedSuspects.some(isSharer)) return refuse("shares-memory-with-protected");
  const holds: ProcessHold[] = [];
  for (const suspect of suspects.filter(isSharer)) {
    const hold = holdProcess(suspect, means);
    if (hold.kind === "hold") holds.push(hold);
    else if (standsInTheWay(hold)) return giveUp(holds, hold);
  }
  return holds;
}

/** A sharer that has gone in the meantime shares nothing. */
const standsInTheWay = ({ why }: Refusal): boolean => why === "became-protected" || why === "failed";

function giveUp(holds: readonly ProcessHold[], refusal: Refusal): Refusal {
  for (const hold of holds) hold[Symbol.dispose]();
  return refusal.why === "failed" ? refusal : refuse("shares-memory-with-protected");
}

function isProvenToShare(a: Pid, b: Pid): boolean {
  try {
    return sharesMemory(a, b) === true;
  } catch (error) {
    ignore(
      error,
      "without the right to ask there is no proof; process_mrelease says later whether they share (EINVAL)",
    );
    return false;
  }
}
