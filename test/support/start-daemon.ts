import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type KiB, kib } from "#domain/units.ts";
import { repositoryRoot } from "./repository.ts";

/** One entry of the journal, as it was printed. */
export type Printed = Readonly<Record<string, unknown>> & { readonly event: string };

/** The shipped program as a daemon, and all it has said. */
export interface RunningDaemon {
  readonly child: ChildProcess;
  readonly entries: readonly Printed[];
  /** The first entry of one of these events, now or when it comes. @throws Error when the daemon ends without it */
  said(...events: readonly string[]): Promise<Printed>;
  /** The first entry of this event about this subject, in the same way. */
  saidOf(event: string, subject: string): Promise<Printed>;
  /** What the kernel says it holds. */
  usage(): { readonly rss: KiB; readonly descriptors: number };
  /** Asks it to stop, and waits for its end; the answer is its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * How a kill ends in a daemon's journal. Its hog is one of many processes of this machine: where others take as much in the
 * same half second, its memory is not seen to come back, and that is said instead.
 */
export const killEnds = ["memory.back", "memory.late"] as const;

const program = join(repositoryRoot, "dist/src/cli/main.js");

/** Starts `tidemark run` with these arguments, under another program if one is named. */
export function startDaemon(args: readonly string[], under: readonly string[] = []): RunningDaemon {
  const [command = process.execPath, ...rest] = [
    ...under,
    process.execPath,
    program,
    "run",
    "--log-format=json",
    ...args,
  ];
  const child = spawn(command, rest, { stdio: ["ignore", "ignore", "pipe"] });
  if (child.stderr === null) throw new Error("Cannot listen to the daemon: it has no stderr");
  const { stderr } = child;
  const entries: Printed[] = [];
  let begun = "";
  // What it had no time to end, when nobody read for long before it went, is no entry.
  stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (begun + text).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) entries.push(JSON.parse(line));
  });
  const closed = once(stderr, "close");
  const heard = async (what: string, isIt: (entry: Printed) => boolean): Promise<Printed> => {
    for (;;) {
      const found = entries.find(isIt);
      if (found !== undefined) return found;
      const ended = await Promise.race([once(stderr, "data").then(() => false), closed.then(() => true)]);
      if (ended) throw new Error(`It ended without ${what}, after ${entries.map(({ event }) => event).join(", ")}`);
    }
  };
  return {
    child,
    entries,
    said: (...events) => heard(events.join(" or "), ({ event }) => events.includes(event)),
    saidOf: (wanted, subject) =>
      heard(`${wanted} of ${subject}`, (entry) => entry.event === wanted && entry["subject"] === subject),
    usage: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const [, rss] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
      return { rss: kib(Number(rss)), descriptors: readdirSync(`/proc/${child.pid}/fd`).length };
    },
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill(signal);
        await exited;
      }
      await closed;
      return child.exitCode;
    },
  };
}
