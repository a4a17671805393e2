import { setTimeout } from "node:timers/promises";
import type { Config } from "#config/schema.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import { milliseconds, oomScoreAdj } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import { hurrySession, protectSelf } from "#linux/self-protection.ts";

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
  void hurryOurSession(settings.nice, journal);
}

/** So often, and so far apart, that the kernel has let others have their turn. */
const attempts = 5;
const pause = milliseconds(150);

async function hurryOurSession(nice: number, journal: Journal): Promise<void> {
  let failure = hurrySession(nice);
  for (let made = 1; failure?.errno === "EAGAIN" && made < attempts; made++) {
    await setTimeout(pause, undefined, { ref: false });
    failure = hurrySession(nice);
  }
  tellDegraded(journal, `nice ${nice} for our session`, failure);
}
