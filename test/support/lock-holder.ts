import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Pid, pid } from "#domain/units.ts";
import { repositoryRoot } from "./repository.ts";

/** A process whose mmap_lock is held, so that whoever reads its arguments waits, until this is disposed of. */
export interface LockHolder extends AsyncDisposable {
  readonly pid: Pid;
}

/** Starts one, and waits until its lock is held; a text: why there can be none here. */
export async function holdLock(): Promise<LockHolder | string> {
  const program = join(repositoryRoot, "test/support/lock_holder.py");
  const python = spawn("python3", [program], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(python, "exit");
  const [line] = await once(createInterface({ input: python.stdout }), "line");
  const { pid: number, lacks }: { readonly pid?: number; readonly lacks?: string } = JSON.parse(line);
  if (number === undefined) return `no lock can be held: ${lacks}`;
  return {
    pid: pid(number),
    async [Symbol.asyncDispose]() {
      python.kill("SIGKILL");
      await exited;
    },
  };
}
