import { type OomScoreAdj, oomScoreAdj, type Pid } from "#domain/units.ts";
import { closeFd, openFile, writeOnce } from "#native-bindings/file.ts";
import { setNice } from "#native-bindings/priority.ts";
import { ignore } from "./failure.ts";

/**
 * Whoever runs other people's programs is an ordinary process again: it can be killed, and waits its turn. Written with our rights,
 * this is also the lowest that it can set itself. Only after its exec: before, the kernel gives our own memory's adj the same value.
 * @see fs/proc/base.c: __set_oom_adj (oom_score_adj_min, "because it shares mm")
 */
export function unprotect(leader: Pid, adj = oomScoreAdj(0)): void {
  // Each for itself: who may not change the one may well change the other.
  orLeave(() => setNice(leader, 0));
  orLeave(() => setAdj(leader, adj));
}

function setAdj(of: Pid, adj: OomScoreAdj): void {
  const path = `/proc/${of}/oom_score_adj`;
  const fd = openFile(path, "write");
  try {
    writeOnce(fd, new TextEncoder().encode(`${adj}\n`), path);
  } finally {
    closeFd(fd);
  }
}

function orLeave(change: () => void): void {
  try {
    change();
  } catch (error) {
    ignore(error, "then it keeps what it was started with");
  }
}
