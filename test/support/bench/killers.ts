import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { type KiB, kib, mib } from "#domain/units.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import type { Threshold } from "./hog-round.ts";
import { meminfoNow } from "./memory-now.ts";
import { type ProgramChild, startProgram } from "./program-child.ts";

/** The user of every hog: nobody else's, and the only one whose processes may be chosen. */
export const hogUid = 61_238;

/** A daemon that kills, ready to; what it may kill is confined to the hogs. */
export interface Killer extends AsyncDisposable {
  readonly program: ProgramChild;
  /** What it goes by, which is what was asked for when it was started. */
  readonly threshold: Threshold;
}

/** Starts one whose first answer is SIGKILL, below a threshold. */
export type StartKiller = (threshold: KiB, signal: AbortSignal) => Promise<Killer>;

/** The program as it is shipped. */
export const tidemarkProgram: readonly [string, ...string[]] = [
  process.execPath,
  join(repositoryRoot, "dist/src/cli/main.js"),
];

/** `high` lies above `min` by what it does on a machine of this size by default: that much warning it has. */
const warning = mib(490);

/**
 * Headroom alone speaks, so that it is a threshold which is crossed; a rule lets nobody be chosen but the hog's user. Between `min` and
 * `low` a look would find time to ask with SIGTERM: there is less between them than a page.
 */
const tidemarkSettings = (threshold: KiB): string => `preset = "none"
[headroom]
min = "${threshold}KiB"
low = "${threshold + kib(1)}KiB"
high = "${threshold + warning}KiB"
[stall]
enabled = false
[thrash]
enabled = false
[kernel-zone]
enabled = false
[forecast]
enabled = false
[journal]
level = "debug"
[[rule]]
verdict = "only"
uid = ${hogUid}
`;

/** The daemon as it is shipped, with settings of its own. */
export const startTidemark: StartKiller = async (threshold, signal) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  const path = join(folder, "settings.toml");
  writeFileSync(path, tidemarkSettings(threshold));
  const program = startProgram({
    command: [...tidemarkProgram, "run", "--log-format=json", "--config", path],
    signal,
    listenTo: "stderr",
    asService: true,
  });
  const killer: Killer = {
    program,
    threshold: { amount: threshold, base: "absolute" },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
  return await readyAfter(killer, /"daemon\.ready"/);
};

/** A user that may signal the hogs and nobody else, with the right to lock memory that the unit of earlyoom grants. */
const asHogUser = [
  `--reuid=${hogUid}`,
  `--regid=${hogUid}`,
  "--clear-groups",
  "--inh-caps=+ipc_lock",
  "--ambient-caps=+ipc_lock",
];

/** What the units of tidemark and of earlyoom 1.9 say. */
const nice = -20;

/** Starts a peer as the hogs' user: the kernel refuses every other signal, whomever it chooses. */
export function startPeer(command: readonly [string, ...string[]], signal: AbortSignal): ProgramChild {
  const program = startProgram({
    command: ["setpriv", ...asHogUser, ...command],
    signal,
    listenTo: "both",
    asService: true,
  });
  if (!Number.isNaN(program.pid)) setPriority(program.pid, nice);
  return program;
}

/**
 * earlyoom, as the hog's user. Free swap is never above its threshold; nothing is printed once a second.
 * Since 1.8 it takes -M as a share of MemTotal and compares it with the share of user memory that is available.
 */
export const earlyoomWith =
  (earlyoom: string): StartKiller =>
  async (threshold, signal) => {
    const base = goesByUserMemory(earlyoom) ? "user" : "absolute";
    const amount = base === "user" ? kib(Math.round(threshold * userMemoryScale())) : threshold;
    const options = ["-M", `${amount},${amount}`, "-s", "100,100", "-r", "0"];
    const program = startPeer([earlyoom, ...options], signal);
    const killer: Killer = {
      program,
      threshold: { amount, base },
      [Symbol.asyncDispose]: async () => await program[Symbol.asyncDispose](),
    };
    return await readyAfter(killer, /SIGKILL when/);
  };

/** It tells so when it is asked how its options are used: the total of user memory came with --ignore-root-user. */
const goesByUserMemory = (earlyoom: string): boolean =>
  spawnSync(earlyoom, ["-h"], { encoding: "utf8" }).stderr.includes("--ignore-root-user");

function userMemoryScale(): number {
  const { total, available = total, anon } = meminfoNow();
  return total / (available + anon);
}

async function readyAfter(killer: Killer, line: RegExp): Promise<Killer> {
  try {
    await killer.program.until(line);
    return killer;
  } catch (error) {
    await killer[Symbol.asyncDispose]();
    throw error;
  }
}
