import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { keepOnExec, replaceProcess } from "#native-bindings/exec.ts";
import { type Fd, inheritedFd } from "#native-bindings/file.ts";
import { programFile } from "./program-file.ts";

/**
 * What Node is told for a small heap, without asking the user: nurseries of 1 MiB grow the heap by little between collections,
 * and threads of V8 have nothing to do in a process that compiles little and collects little. V8 would collect three times more
 * in the first minute (20 ms and 280 pages) to find what the residency has collected already. All functions are made bytecode at
 * the start and stay it, 1 MiB: one that is needed for the first time in a kill would have the parser paged in.
 */
export const daemonFlags = [
  "--max-semi-space-size=1",
  "--v8-pool-size=0",
  "--single-threaded-gc",
  "--no-memory-reducer",
  "--no-lazy",
  "--no-flush-bytecode",
  "--expose-gc",
];

/**
 * What the environment says to the runtime. Of the pool's threads one waits for the kernel, two reap, one writes and reads what may hang.
 * They share one heap of the C library, in which no hole is left by what is large. Where its functions are is known from the start. Node parses the certificates of NODE_EXTRA_CA_CERTS at each start: 50 ms and 1 MiB for 140.
 */
const surroundings = {
  NODE_OPTIONS: undefined,
  NODE_EXTRA_CA_CERTS: undefined,
  UV_THREADPOOL_SIZE: "4",
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "131072",
  LD_BIND_NOW: "1",
};

/** What is left to the daemon. */
export interface Succession {
  readonly letter: Fd;
  /** Open files the letter speaks of. */
  readonly also: readonly Fd[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Puts a process in our place that holds nothing but the daemon: same pid, same standard descriptors, so that shells and service
 * managers see one process. What read the command line and the settings is gone with our heap.
 * What Node was told on its command line it is told again; what whose environment it is tells it, is not.
 * It comes back only to say why that cannot be done: the daemon can live in this process too, only larger.
 */
export function becomeDaemon({ letter, also, environment }: Succession): SystemFailure {
  try {
    // Node has put close-on-exec on all of them at its start.
    for (const fd of [inheritedFd(0), inheritedFd(1), inheritedFd(2), letter, ...also]) keepOnExec(fd, true);
    replaceProcess({
      path: process.execPath,
      words: ["tidemark", ...daemonFlags, ...process.execArgv, programFile("daemon-main"), String(letter)],
      environment: { ...environment, ...surroundings },
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    for (const fd of [letter, ...also]) keepOnExec(fd, false);
    return error;
  }
}
