import type { ChildProcess, SpawnOptions } from "node:child_process";
import { createRequire } from "node:module";

type ChildProcessModule = typeof import("node:child_process");

/**
 * Starts a process by Node's own means, which are loaded when the first one is needed: they take 1 MiB that a daemon without
 * givers need not hold (VmRSS, Node 20.20). Loading has to be done before memory is short, and cannot be waited for here.
 */
export function startProcess(path: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const { spawn }: ChildProcessModule = createRequire(import.meta.url)("node:child_process");
  return spawn(path, words, options);
}
