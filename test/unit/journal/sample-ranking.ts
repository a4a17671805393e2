import { gib, kib, mib, oomScoreAdj, pid, scale, startTicks, uid } from "#domain/units.ts";
import type { RankedFields } from "#journal/vocabulary.ts";

/** A ranking, as the journal prints it. */
export const chrome: RankedFields = {
  pid: pid(4242),
  start_ticks: startTicks(991_234),
  comm: "chrome",
  uid: uid(1000),
  oom_score_adj: oomScoreAdj(300),
  rss_kib: gib(3.1),
  swap_kib: mib(512),
  badness_kib: gib(3.6),
  terms_kib: { anon: gib(2.9), swap: mib(512), avoid: scale(mib(100), -1) },
};

export const java: RankedFields = { ...chrome, pid: pid(77), comm: "java", uid: undefined, badness_kib: gib(1.2) };
export const code: RankedFields = { ...chrome, pid: pid(812), comm: "code", badness_kib: mib(900) };
export const bash: RankedFields = { ...chrome, pid: pid(5), comm: "bash", badness_kib: kib(4) };
