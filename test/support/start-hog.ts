import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pass } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Identity } from "#domain/identity.ts";
import { isSameIdentity } from "#domain/identity.ts";
import { kibToMiB, mib, type Pid, pid } from "#domain/units.ts";
import { parseStat, type StatFacts } from "#procfs/stat.ts";
import type { Behaviour, Started } from "./world.ts";

const hogProgram = fileURLToPath(new URL("../tools/hog.js", import.meta.url));

/** A live test needs no more than this from any hog. */
const mostMemory = mib(256);
const secondsToLive = 60;

/** A real process that holds memory. Nobody else is ever ended by it. */
export interface Hog extends Started {
  /** Ends it and who shares its memory, if they are still who they were. */
  end(): Promise<void>;
}

/** Starts a hog and waits until it is filled. @throws Error when it ends before, RangeError when it would be too big */
export async function startHog(behaviour: Behaviour = {}): Promise<Hog> {
  const size = behaviour.size ?? mib(64);
  if (size > mostMemory) throw new RangeError(`Cannot start a hog of ${size} KiB: a live test gets ${mostMemory} KiB`);
  const child = spawn(process.execPath, [hogProgram, ...optionsOf(behaviour)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const started = await firstLine(child, closed);
  const hog = identityOf(started.pid);
  const sharer = started.sharer_pid === undefined ? undefined : identityOf(started.sharer_pid);
  if (behaviour.isStopped) await stopped(hog);
  return {
    hog,
    sharer,
    async end() {
      for (const identity of [hog, sharer]) if (identity !== undefined) endProcess(identity);
      await closed;
    },
  };
}

function optionsOf(behaviour: Behaviour): readonly string[] {
  const { name, size = mib(64), uid, oomScoreAdj } = behaviour;
  return [
    ...["--mib", String(kibToMiB(size)), "--seconds", String(secondsToLive)],
    ...(name === undefined ? [] : ["--name", name]),
    ...(uid === undefined ? [] : ["--uid", String(uid)]),
    ...(oomScoreAdj === undefined ? [] : [`--adj=${oomScoreAdj}`]),
    ...(behaviour.ignoresSigterm ? ["--ignore-term"] : []),
    ...(behaviour.isStopped ? ["--stop"] : []),
    ...(behaviour.sharesMemory ? ["--share-memory"] : []),
  ];
}

interface Filled {
  readonly pid: number;
  readonly sharer_pid?: number;
}

async function firstLine({ stdout }: ChildProcess, closed: Promise<void>): Promise<Filled> {
  if (stdout === null) throw new Error("Cannot listen to the hog: it has no stdout");
  const lines = createInterface({ input: stdout });
  const line = new Promise<string>((resolve) => lines.once("line", resolve));
  const first = await Promise.race([line, closed]);
  lines.close();
  // Its stdout is read to the end, or it would never count as closed.
  stdout.resume();
  if (first === undefined) throw new Error("Cannot use the hog: it ended before it was filled");
  return JSON.parse(first);
}

/** What the kernel says about a process now. Undefined: it has gone. */
function statOf(number: Pid): StatFacts | undefined {
  try {
    return parseStat(readFileSync(`/proc/${number}/stat`));
  } catch {
    return undefined;
  }
}

/** Who has that pid now. @throws Error when nobody has */
export function identityOf(number: number): Identity {
  const stat = statOf(pid(number));
  if (stat === undefined) throw new Error(`Cannot identify pid ${number}: it has gone`);
  return stat.identity;
}

/** It is still there and has not exited. */
export function isProcessAlive(identity: Identity): boolean {
  const stat = statOf(identity.pid);
  return (
    stat !== undefined && isSameIdentity(stat.identity, identity) && stat.state !== "zombie" && stat.state !== "dead"
  );
}

/** Longer than any kill takes on any machine, and shorter than a test may: what never happens is told as that. In ms. */
const patience = 30_000;
/** The machine is small: whoever waits without a pause takes the processor of whom it waits for. In ms. */
const pause = 2;

/** Waits until something is so, or nobody would wait any longer; the answer is which of the two. */
async function comesTrue(isSo: () => boolean): Promise<boolean> {
  const deadline = performance.now() + patience;
  while (!isSo() && performance.now() < deadline) await pass(pause);
  return isSo();
}

/** Whether it has ended, or does so when it gets a processor: its memory can be back before its last thread has gone. */
export const hasEnded = (identity: Identity): Promise<boolean> => comesTrue(() => !isProcessAlive(identity));

/** Sends SIGKILL to that very process, or to nobody. */
export function endProcess(identity: Identity): void {
  if (isProcessAlive(identity)) process.kill(identity.pid, "SIGKILL");
}

/** It says that it is filled before it stops itself. */
async function stopped(identity: Identity): Promise<void> {
  await comesTrue(() => !isProcessAlive(identity) || statOf(identity.pid)?.state === "stopped");
}
