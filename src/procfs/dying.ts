import type { StatFacts } from "./stat.ts";
import type { StatusFacts } from "./status.ts";

/**
 * Whether the memory of a process is on its way back without anybody's help.
 *
 * SIGKILL pending for the group (kill, OOM killer) or for its leader (another thread called exit_group), or the only thread is
 * exiting. A leader that exits while other threads run on is not dying: they keep the memory. Neither is who dumps a core: the
 * memory stays until the dump is written. A thread that executes a program kills its leader too, and the old memory goes.
 * @see mm/oom_kill.c: task_will_free_mem
 */
export const isDying = (
  { isExiting, threads }: Pick<StatFacts, "isExiting" | "threads">,
  { isKilled, isThreadKilled, isDumpingCore }: Pick<StatusFacts, "isKilled" | "isThreadKilled" | "isDumpingCore">,
): boolean => !isDumpingCore && (isKilled || isThreadKilled || (isExiting && threads <= 1));
