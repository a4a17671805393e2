import type { Pid } from "#domain/units.ts";
import { closeFd, openFile, writeOnce } from "#native-bindings/file.ts";
import { setNice } from "#native-bindings/priority.ts";
import { ignore } from "./failure.ts";

/**
 * Whoever runs other people's programs is an ordinary process again: it can be killed, and waits its turn. Written with our rights,
 * this is also the lowest that it can set itself. @see fs/proc/base.c: __set_oom_adj, oom_score_adj_min
 */
export function unprotect(leader: Pid): void {
  try {
    setNice(leader, 0);
    const path = `/proc/${leader}/oom_score_adj`;
    const fd = openFile(path, "write");
    try {
      writeOnce(fd, new TextEncoder().encode("0\n"), path);
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    ignore(error, "then it keeps what it was started with");
  }
}
