import type { Pid } from "#domain/units.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";

/**
 * Descriptors of files of some processes, open from one look to the next: a read costs half of what it does with opening,
 * and asks for less of the memory that is short. One of a process that has gone answers for nobody who gets its pid later.
 */
export interface KeptDescriptors extends Disposable {
  /** Whose files are to stay open from now on; those of all others are closed. */
  keepOnly(pids: ReadonlySet<Pid>): void;
  find(of: Pid, file: string): Fd | undefined;
  /** Takes a descriptor over. False: it is not wanted, and is to be closed. */
  take(of: Pid, file: string, fd: Fd): boolean;
  /** Closes what there is of a process. */
  drop(pid: Pid): void;
}

/** What is read of a process again and again. The kernel holds a page for each of the first two, once it was read. */
const keptFiles: ReadonlySet<string> = new Set(["stat", "status", "oom_score_adj"]);

/** Keeps nothing yet. */
export function keepDescriptors(): KeptDescriptors {
  const open = new Map<Pid, Map<string, Fd>>();
  let wanted: ReadonlySet<Pid> = new Set();
  const drop = (pid: Pid): void => {
    for (const fd of open.get(pid)?.values() ?? []) closeFd(fd);
    open.delete(pid);
  };
  return {
    keepOnly(pids) {
      wanted = pids;
      for (const pid of [...open.keys()]) if (!pids.has(pid)) drop(pid);
    },
    find: (of, file) => open.get(of)?.get(file),
    take(of, file, fd) {
      if (!wanted.has(of) || !keptFiles.has(file)) return false;
      const own = open.get(of) ?? new Map<string, Fd>();
      own.set(file, fd);
      open.set(of, own);
      return true;
    },
    drop,
    [Symbol.dispose]() {
      wanted = new Set();
      for (const pid of [...open.keys()]) drop(pid);
    },
  };
}
