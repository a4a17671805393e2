import { readdirSync, readFileSync } from "node:fs";
import { type Held, heldBy } from "#test/support/held-memory.ts";

/** What the kernel has counted for a process, all of its threads together. */
export interface ProcessUsage {
  readonly cpuMs: number;
  /** How often it went to sleep by itself: it was woken as often. */
  readonly voluntarySwitches: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly threads: number;
  readonly descriptors: number;
  readonly residentMib: number;
  readonly anonymousMib: number;
  /** Of what is resident: what the kernel cannot take away. */
  readonly lockedMib: number;
}

const nsPerMs = 1_000_000;
const kibPerMib = 1024;

/** fs/proc/array.c: do_task_stat, counted from the state, which follows the name. */
const fieldOf = { minorFaults: 7, majorFaults: 9 };

/** What it has used until now. A thread that has ended is not counted any more. */
export function usageOf(pid: number): ProcessUsage {
  const text = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
  const tasks = readdirSync(`/proc/${pid}/task`);
  const sum = (figure: (task: string) => number): number => tasks.reduce((total, task) => total + figure(task), 0);
  const stat = text("stat").split(") ").at(-1)?.split(" ") ?? [];
  const status = text("status");
  const held = heldBy(pid);
  const mibOf = (mappings: readonly Held[]): number =>
    mappings.reduce((total, { residentKib }) => total + residentKib, 0) / kibPerMib;
  return {
    cpuMs: sum((task) => Number(text(`task/${task}/schedstat`).split(" ")[0])) / nsPerMs,
    voluntarySwitches: sum((task) => numberAfter(text(`task/${task}/status`), "voluntary_ctxt_switches")),
    minorFaults: Number(stat[fieldOf.minorFaults]),
    majorFaults: Number(stat[fieldOf.majorFaults]),
    threads: tasks.length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    residentMib: mibOf(held),
    anonymousMib: numberAfter(status, "RssAnon") / kibPerMib,
    lockedMib: mibOf(held.filter(({ isLocked }) => isLocked)),
  };
}

const numberAfter = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? NaN);
