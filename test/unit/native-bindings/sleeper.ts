import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Pid, pid } from "#domain/units.ts";

/** A process of the test's own that does nothing and can be signalled. It ends by itself after a minute. */
export interface Sleeper extends AsyncDisposable {
  readonly pid: Pid;
  readonly child: ChildProcess;
  /** The signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

export async function startSleeper(options: { readonly uid?: number } = {}): Promise<Sleeper> {
  const child = spawn("sleep", ["60"], { stdio: "ignore", ...options });
  await once(child, "spawn");
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  return {
    pid: pid(child.pid ?? 0),
    child,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
