import type { Config } from "#config/schema.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import { oomScoreAdj } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import { protectSelf } from "#linux/self-protection.ts";

/** Tells what the daemon has to do without, if anything. */
export function tellDegraded(journal: Journal, protection: string, failure: SystemFailure | undefined): void {
  if (failure === undefined) return;
  const { call, errno, subject, advice } = failure;
  journal.emit("protection.degraded", { protection, call, errno, subject, advice });
}

/** Protects the daemon as the settings say, and tells what could not be had. */
export function protectDaemon(settings: Config["protection"], journal: Journal): void {
  const reached = protectSelf({
    oomScoreAdj: oomScoreAdj(settings.oom_score_adj),
    nice: settings.nice,
  });
  const asked = `oom_score_adj ${settings.oom_score_adj} (${reached.oomScoreAdj} was reached)`;
  tellDegraded(journal, asked, reached.oomScoreAdjFailure);
  tellDegraded(journal, `nice ${settings.nice}`, reached.niceFailure);
}
