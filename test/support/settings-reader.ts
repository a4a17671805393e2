import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pass } from "node:timers/promises";

/** How a process that reads settings calls itself. */
const itsName = "tidemark-settings";

/** What a file of a process says; empty when it has gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The process that reads settings for another one now. */
export function settingsReaderOf(parent: number): number | undefined {
  const isItsChild = (name: string): boolean =>
    textOf(`/proc/${name}/cmdline`).startsWith(itsName) &&
    new RegExp(`^PPid:\\s+${parent}$`, "m").test(textOf(`/proc/${name}/status`));
  const found = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isItsChild(name));
  return found === undefined ? undefined : Number(found);
}

/** How a process stands, by the kernel's letter: `T` is stopped. Undefined: it has gone. */
export const stateOf = (pid: number): string | undefined => /^State:\s+(\S)/m.exec(textOf(`/proc/${pid}/status`))?.[1];

/** A reader that was sent a signal while it read. */
export interface CaughtReader {
  readonly pid: number;
  /** The reading it was to do. */
  readonly reading: Promise<void>;
}

/** Asks for readings of settings until a reader is there to send a signal to. */
export async function catchReader(
  parent: number,
  signal: "SIGKILL" | "SIGSTOP",
  ask: () => Promise<void>,
): Promise<CaughtReader> {
  for (;;) {
    let isOver = false;
    const reading = ask().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const reader = settingsReaderOf(parent);
      if (reader !== undefined) {
        process.kill(reader, signal);
        return { pid: reader, reading };
      }
      await pass(1);
    }
  }
}
