import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A program of a bench, and what it says line by line. It ends with its owner. */
export interface ProgramChild extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly lines: readonly Line[];
  /** The next line that was not taken yet. @throws Error when the program has ended */
  next(): Promise<Line>;
  /** The first line that matches, from now on. @throws Error when the program has ended */
  until(pattern: RegExp): Promise<Line>;
  tell(text: string): void;
  /** Nothing more will be told to it. */
  endInput(): void;
  /** It has ended, and said all it will. */
  readonly ended: Promise<unknown>;
}

/** One line, and when it came: nanoseconds of CLOCK_MONOTONIC. */
export interface Line {
  readonly text: string;
  readonly at: number;
}

/** How a program is started. */
export interface ProgramWish {
  readonly command: readonly [string, ...string[]];
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** Whose lines count; the other one is thrown away, or shown if it is stderr of stdout. */
  readonly listenTo: "stdout" | "stderr" | "both";
  /** In a session of its own, as a service manager starts it: processors are shared among sessions (sched(7), autogroup). */
  readonly asService?: boolean;
}

export const monotonicNs = (): number => Number(process.hrtime.bigint());

/** Whoever does not leave when asked is made to. */
const patienceMs = 5000;

/** Starts it. */
export function startProgram({ command, signal, env, listenTo, asService = false }: ProgramWish): ProgramChild {
  const [program, ...args] = command;
  const options: SpawnOptions = {
    stdio: ["pipe", listenTo === "stderr" ? "ignore" : "pipe", listenTo === "stdout" ? "inherit" : "pipe"],
    signal,
    killSignal: "SIGTERM",
    detached: asService,
    ...(env && { env }),
  };
  const child = spawn(program, args, options);
  const lines: Line[] = [];
  const closed = once(child, "close").catch(() => undefined);
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  const arrivals = new EventTarget();
  const listen = (stream: Readable | null): void => {
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (text) => {
      lines.push({ text, at: monotonicNs() });
      arrivals.dispatchEvent(new Event("line"));
    });
  };
  listen(child.stdout);
  if (listenTo !== "stdout") listen(child.stderr);
  let taken = 0;
  const next = async (): Promise<Line> => {
    for (;;) {
      const line = lines[taken];
      if (line !== undefined) {
        taken += 1;
        return line;
      }
      const arrival = once(arrivals, "line").then(() => false);
      const hasEnded = await Promise.race([arrival, closed.then(() => true)]);
      signal.throwIfAborted();
      if (hasEnded && lines.length === taken) throw new Error(`Cannot go on: ${program} ${args[0] ?? ""} has ended`);
    }
  };
  return {
    child,
    pid: child.pid ?? NaN,
    lines,
    next,
    async until(pattern) {
      for (;;) {
        const line = await next();
        if (pattern.test(line.text)) return line;
      }
    },
    tell: (text) => void child.stdin?.write(text),
    endInput: () => void child.stdin?.end(),
    ended: closed,
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await closed;
      clearTimeout(late);
    },
  };
}
