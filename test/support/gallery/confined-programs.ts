import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { ProcessFacts } from "#domain/process.ts";
import { bytes, type Pid, pid } from "#domain/units.ts";
import { rssCounterOf } from "#linux/counted-rss.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readProcess, readStat } from "#linux/process-reader.ts";

/** Programs that run in a pid namespace of their own, with all they start: nobody of them leaves it, whatever its parent does. */
export interface ConfinedPrograms extends AsyncDisposable {
  /** All of them as they are now, the eldest first; undefined: they have not begun, or somebody came or went meanwhile. */
  look(): readonly ProcessFacts[] | undefined;
  readonly hasEnded: boolean;
  /** The last that they complained of. */
  complaint(): string;
}

/** What the first process becomes when it has started the script. */
const waits = "cat";
/**
 * The first process of a namespace takes all others along. This one waits for the end of its input, which comes when we close
 * it and when we are gone, however we went. `/proc` is the namespace's own: Chromium sets oom_score_adj by pid there.
 */
const inNamespace = [
  "--pid",
  "--mount-proc",
  "--fork",
  "--kill-child",
  "/bin/sh",
  "-c",
  '(eval "$1") & exec cat',
  "sh",
];

/** Runs a script of `/bin/sh` in a folder that is its `$HOME`. Ends with `await using`, when nobody is left. */
export function confinePrograms(script: string, home: string): ConfinedPrograms {
  const log = join(home, "complaints.log");
  const errors = openSync(log, "w");
  const child = spawn("unshare", [...inNamespace, script], {
    stdio: ["pipe", "ignore", errors],
    cwd: home,
    env: { PATH: process.env["PATH"], HOME: home, LANG: "C.UTF-8", TERM: "xterm" },
  });
  closeSync(errors);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    look: () => (child.pid === undefined ? [] : lookBelow(pid(child.pid))),
    get hasEnded() {
      return isOver(child);
    },
    complaint: () => readFileSync(log, "utf8").trimEnd().split("\n").at(-1) ?? "",
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      await Promise.race([ended, setTimeout(patience, undefined, { ref: false })]);
      if (!isOver(child))
        throw new Error(`Programs of pid ${child.pid} have not ended in ${patience} ms: end them by hand`);
    },
  };
}

/** The kernel ends them all at once; who is in a system call leaves it first. */
const patience = 10_000;

const isOver = ({ pid: id, exitCode, signalCode }: ChildProcess): boolean =>
  id === undefined || exitCode !== null || signalCode !== null;

const files = makeProcessFiles("");
const source = { files, countRss: rssCounterOf(release(), bytes(4096)), mayHang: true };

/** Those whom the first process of the namespace adopted or started, and theirs: neither it nor `unshare` is one of them. */
function lookBelow(unshare: Pid): readonly ProcessFacts[] | undefined {
  const all = files.listPids().flatMap((each) => readStat(files, each) ?? []);
  const childrenOf = (parent: Pid): readonly Pid[] =>
    all.filter((each) => each.parent === parent).map(({ identity }) => identity.pid);
  const below = (parent: Pid): readonly Pid[] => childrenOf(parent).flatMap((child) => [child, ...below(child)]);
  const init = all.find(({ parent, comm }) => parent === unshare && comm === waits)?.identity.pid;
  if (init === undefined) return undefined;
  const found = below(init);
  const facts = found.flatMap((each) => readProcess(each, source)?.facts ?? []);
  const known = new Set<Pid | undefined>([init, ...found]);
  const isWhole = facts.length === found.length && facts.every(({ parent }) => known.has(parent));
  // Nobody waits for those who were adopted: they stay, as zombies.
  const living = facts.filter(({ memory }) => memory !== undefined);
  return isWhole ? living.toSorted((a, b) => a.identity.startTicks - b.identity.startTicks) : undefined;
}
