import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type KiB, kibToBytes, type Microseconds } from "#domain/units.ts";
import { makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** When a stall began, and when PSI had counted as much as was asked for: nanoseconds of CLOCK_MONOTONIC. */
export interface Stalled {
  readonly began: number;
  /** Null: it had not yet when it was stopped. */
  readonly reached: number | null;
}

/** Processes in a memcg of their own that stall on memory when they are told to. */
export interface Staller extends AsyncDisposable {
  go(): void;
  stop(): Promise<Stalled>;
}

/** What they stall on. */
export interface StallWish {
  readonly limit: KiB;
  /** A file that is larger than the limit. */
  readonly file: string;
  /** The stall whose time is told. */
  readonly threshold: Microseconds;
}

/** Starts them; they are quiet until they are told. */
export function startStaller({ limit, file, threshold }: StallWish): Staller {
  const memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(limit)));
  const program = join(repositoryRoot, "test/support/bench/stall.py");
  const python = spawn("python3", [program, memcg.path, file, String(threshold)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    go: () => void python.stdin.write("go\n"),
    async stop() {
      python.stdin.write("stop\n");
      const { value, done } = await lines.next();
      if (done === true) throw new Error("Cannot go on: who stalls has ended");
      return JSON.parse(value);
    },
    async [Symbol.asyncDispose]() {
      python.stdin.end();
      if (python.exitCode === null) await once(python, "close");
      await memcg[Symbol.asyncDispose]();
    },
  };
}
