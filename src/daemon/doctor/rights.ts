import type { CheckUp, Diagnosis } from "./diagnosis.ts";
import { lackOf } from "./lack.ts";

/** Fewer would not do for the files of /proc, the pidfds of a victim and its sharers, and what is kept in reserve. */
const fewestOpenFiles = 256;

/** What whoever asks may do: the daemon may do the same when it is started in the same way. */
export const examineRights: CheckUp = ({ capabilities, surroundings: { mostOpenFiles } }) => {
  const missing = lackOf("rights", capabilities);
  return [
    ...(missing.length === 0 ? [allRights] : missing),
    ...(capabilities.canLowerOomScoreAdj ? [] : [cannotLower]),
    ...(mostOpenFiles !== undefined && mostOpenFiles < fewestOpenFiles ? [fewFiles(mostOpenFiles)] : []),
  ];
};

const allRights: Diagnosis = { topic: "rights", severity: "fine", finding: "every process can be seen and signalled" };

const cannotLower: Diagnosis = {
  topic: "rights",
  severity: "note",
  finding: "no right to lower an oom_score_adj (CAP_SYS_RESOURCE)",
  consequence: "the daemon cannot put itself out of the reach of the kernel's own OOM killer",
  advice: "start it as a system service, which has that right",
};

const fewFiles = (most: number): Diagnosis => ({
  topic: "rights",
  severity: "warning",
  finding: `only ${most} files may be open at a time`,
  consequence: "with many processes to watch there is no descriptor left to signal one through",
  advice: `raise the limit to ${fewestOpenFiles} or more (ulimit -n, or LimitNOFILE= in the unit)`,
});
