import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { keepOnExec, replaceProcess } from "#native-bindings/exec.ts";
import { type Fd, inheritedFd } from "#native-bindings/file.ts";
import { programFile } from "./program-file.ts";

/**
 * What Node is told for a small heap, without asking the user: nurseries of 1 MiB grow the heap by little between collections,
 * and threads of V8 have nothing to do in a process that compiles little and collects little.
 */
const flags = ["--max-semi-space-size=1", "--v8-pool-size=0", "--single-threaded-gc", "--expose-gc"];

/** One thread waits for the kernel, two reap, one writes and reads what may hang. */
const poolThreads = "4";

/**
 * Puts a process in our place that holds nothing but the daemon: same pid, same standard descriptors, so that shells and service
 * managers see one process. What read the command line and the settings is gone with our heap.
 * What Node was told on its command line it is told again; NODE_OPTIONS, which is whose environment it is, is not.
 * It comes back only to say why that cannot be done: the daemon can live in this process too, only larger.
 */
export function becomeDaemon(letter: Fd, environment: Readonly<Record<string, string | undefined>>): SystemFailure {
  try {
    // Node has put close-on-exec on all of them at its start.
    for (const fd of [inheritedFd(0), inheritedFd(1), inheritedFd(2), letter]) keepOnExec(fd, true);
    replaceProcess({
      path: process.execPath,
      words: ["tidemark", ...flags, ...process.execArgv, programFile("daemon-main"), String(letter)],
      environment: { ...environment, NODE_OPTIONS: undefined, UV_THREADPOOL_SIZE: poolThreads },
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    keepOnExec(letter, false);
    return error;
  }
}
