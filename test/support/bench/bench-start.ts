import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { type Bench, type BenchContext, claimAtMost, type Report } from "./bench.ts";
import { startHarmlessTidemark } from "./harmless-tidemark.ts";
import { startPeer } from "./killers.ts";
import { median } from "./median.ts";
import { type ProgramChild, startProgram } from "./program-child.ts";
import { showSpread } from "./spread.ts";

/** One start, in milliseconds since exec. */
interface Start {
  readonly firstLook: number;
  /** Undefined: no READY=1 came within the time. */
  readonly ready: number | undefined;
}

const nsPerMs = 1_000_000;
/** READY comes after the first look: whoever has not said it by then does not say it. */
const patienceMs = 2000;

async function listenForReady(path: string, signal: AbortSignal): Promise<ProgramChild> {
  const listener = startProgram({
    command: ["python3", join(repositoryRoot, "test/support/bench/notify_socket.py"), path],
    signal,
    listenTo: "stdout",
  });
  await listener.until(/listening/);
  return listener;
}

async function startOnce(socket: string, listener: ProgramChild, signal: AbortSignal): Promise<Start> {
  const told = listener.lines.length;
  await using tidemark = await startHarmlessTidemark([["NOTIFY_SOCKET", socket]], signal);
  const { startedAt, ready } = tidemark;
  const until = performance.now() + patienceMs;
  while (listener.lines.length === told && performance.now() < until) await setTimeout(5, undefined, { signal });
  const notified = listener.lines[told];
  return {
    firstLook: (ready.at - startedAt) / nsPerMs,
    ready: notified && (Number(notified.text) - startedAt) / nsPerMs,
  };
}

async function startEarlyoom(earlyoom: string, signal: AbortSignal): Promise<number> {
  const startedAt = Number(process.hrtime.bigint());
  await using program = startPeer([earlyoom, "-r", "0.1"], signal);
  const line = await program.until(/^mem avail/);
  return (line.at - startedAt) / nsPerMs;
}

async function measure({ isQuick, signal, earlyoom, say }: BenchContext) {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  const socket = join(folder, "notify");
  const starts: Start[] = [];
  const peers: number[] = [];
  try {
    await using listener = await listenForReady(socket, signal);
    for (let n = 0; n < (isQuick ? 2 : 15); n++) {
      starts.push(await startOnce(socket, listener, signal));
      if (earlyoom !== undefined) peers.push(await startEarlyoom(earlyoom, signal));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`start: ${starts.length} starts`);
  return { starts, peers };
}

/** How soon a daemon watches. */
export const benchStart: Bench = {
  name: "start",
  title: "Start",
  lacks: () => (process.geteuid?.() !== 0 ? "needs root, as the daemons do" : lacksPrograms("python3")),
  async run(context): Promise<Report> {
    const { starts, peers } = await measure(context);
    const firstLooks = starts.map(({ firstLook }) => firstLook);
    const readies = starts.flatMap(({ ready }) => ready ?? []);
    return {
      tables: [
        {
          title: "From exec, in milliseconds (least / median / most)",
          columns: ["daemon", "starts", "has looked for the first time", "READY=1"],
          rows: [
            ["tidemark", String(starts.length), showSpread(firstLooks), showSpread(readies)],
            ["earlyoom", String(peers.length), showSpread(peers), "–"],
          ],
        },
      ],
      claims: [claimAtMost("start to first look at most 250 ms", median(firstLooks), 250)],
      method: [
        "tidemark says daemon.ready in its journal after the first look; READY=1 arrives at a notify socket. earlyoom says what is available when it has looked; it has no READY.",
        "Programs and files are in the page cache. tidemark is started with PATH alone, as by a service manager.",
      ],
      samples: { starts, peers },
    };
  },
};
