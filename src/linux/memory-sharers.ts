import type { MemorySharers } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import { sharesMemory } from "#native-bindings/kcmp.ts";
import { ignore } from "./failure.ts";
import type { ProcessFiles } from "./process-files.ts";
import { type HoldMeans, holdProcess, type ProcessHold, type Refusal, refuse } from "./process-hold.ts";
import { findThreadWithMemory } from "./process-reader.ts";

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
  const isSharer = ofMemoryOf(victim, means.files);
  if (protectedSuspects.some(isSharer)) return refuse("shares-memory-with-protected");
  const holds: ProcessHold[] = [];
  for (const suspect of suspects.filter(isSharer)) {
    const hold = holdProcess(suspect, means);
    if (hold.kind === "hold") holds.push(hold);
    else if (standsInTheWay(hold)) return giveUp(holds, hold);
  }
  return onlySharers(victim, holds, means);
}

/**
 * Lets go of those who share the memory no more. A child of vfork(2) or posix_spawn(3) does until it executes a program of
 * its own, and is another process from then on; the moment between this question and the signal is the kernel's as well.
 */
export function onlySharers(
  victim: Identity,
  holds: readonly ProcessHold[],
  { files }: Pick<HoldMeans, "files">,
): readonly ProcessHold[] {
  if (holds.length === 0) return holds;
  const isSharer = ofMemoryOf(victim, files);
  const sharing = holds.filter(({ identity }) => isSharer(identity));
  for (const hold of holds) if (!sharing.includes(hold)) hold[Symbol.dispose]();
  return sharing;
}

/** A sharer that has gone in the meantime shares nothing. */
const standsInTheWay = ({ why }: Refusal): boolean => why === "became-protected" || why === "failed";

function giveUp(holds: readonly ProcessHold[], refusal: Refusal): Refusal {
  for (const hold of holds) hold[Symbol.dispose]();
  return refusal.why === "failed" ? refusal : refuse("shares-memory-with-protected");
}

/**
 * Asks for others whether they are proven to use the memory of a process. The one who is compared must have memory: to
 * kcmp all who have none, such as leaders that have exited, have the same.
 */
function ofMemoryOf({ pid }: Identity, files: ProcessFiles): (other: Identity) => boolean {
  const owner = unlessRefused(() => findThreadWithMemory(files, pid));
  return (other) =>
    owner !== undefined && other.pid !== pid && unlessRefused(() => sharesMemory(owner, other.pid)) === true;
}

function unlessRefused<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    return ignore(
      error,
      "without an answer there is no proof; process_mrelease says later whether they share (EINVAL)",
    );
  }
}
