import type { Deaths, Stall } from "#daemon/scenario/judge-story.ts";
import { type KiB, kib, type Milliseconds, milliseconds } from "#domain/units.ts";
import { type MemorySample, memorySample } from "./memory-sample.ts";

/** What a guard was at one time. */
export interface GuardSample {
  readonly at: Milliseconds;
  readonly resident: KiB;
  readonly locked: KiB;
  readonly swapped: KiB;
  /** Since it started. */
  readonly majorFaults: number;
  readonly cpu: Milliseconds;
}

/** What happened in a guest, by times from the beginning of its story. */
export interface GuestRecord {
  /** MemTotal. Undefined: the story never began. */
  readonly total: KiB | undefined;
  readonly deaths: Deaths;
  readonly stalls: readonly Stall[];
  readonly memory: readonly MemorySample[];
  readonly guard: readonly GuardSample[];
  readonly refusals: number;
  readonly lasted: Milliseconds;
  /** What went wrong with the guest itself. */
  readonly troubles: readonly string[];
}

interface Line {
  /** ms since the guest's boot. */
  readonly at: number;
  readonly kind: string;
  readonly fields: readonly string[];
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split("\n")
    .filter((line) => /^\d+\.\d\t/.test(line))
    .map((line) => {
      const [at = "", kind = "", ...fields] = line.split("\t");
      return { at: Number(at), kind, fields };
    });

/** The kernel's own kills, as its log tells them. @see v6.12 mm/oom_kill.c: __oom_kill_process */
const killsOfKernel = (log: string) =>
  [
    ...log.matchAll(
      /^\[ *(\d+\.\d+)\] (?:Out of memory|Memory cgroup out of memory).*: Killed process (\d+) \((.*?)\)/gm,
    ),
  ].map(([, at = "", pid = "", comm = ""]) => ({ at: Number(at) * 1000, pid, comm }));

/** signal(7): SIGKILL and SIGTERM. */
const deadly = ["9", "15"];
const [sigkill] = deadly;

/** Somebody is kept waiting from here on: a tick of the kernel is 4 ms, and the stage's own work takes some more. */
export const late = milliseconds(50);

/** Reads what a stage wrote down, and what the kernel said. */
export function readRecord(record: string, log: string): GuestRecord {
  const lines = linesOf(record);
  const first = (wanted: string): Line | undefined => lines.find(({ kind }) => kind === wanted);
  const beginning = first("zero");
  const [zero, end] = [beginning?.at, first("end")?.at];
  const since = (at: number): Milliseconds => milliseconds(Math.max(0, at - (zero ?? 0)));
  const story = lines.filter(({ at }) => zero !== undefined && at >= zero);
  const of = (kind: string): readonly Line[] => story.filter((line) => line.kind === kind);
  return {
    total: beginning?.fields[0] === undefined ? undefined : kib(Number(beginning.fields[0])),
    deaths: deathsIn({ lines, endings: of("ended"), log }, since),
    stalls: stallsIn(of("woke"), end, since),
    memory: of("memory").map(({ at, fields }) => memorySample(since(at), fields)),
    guard: lines.filter(({ kind }) => kind === "guard").map(({ at, fields }) => guardSample(since(at), fields)),
    refusals: of("refused").length,
    lasted: since(end ?? zero ?? 0),
    troubles: [
      ...lines.filter(({ kind }) => kind === "trouble").map(({ fields }) => fields.join(" ")),
      ...(zero === undefined ? ["the story never began"] : end === undefined ? ["the story has no end"] : []),
    ],
  };
}

type Since = (at: number) => Milliseconds;

interface Told {
  readonly lines: readonly Line[];
  /** Those of the story itself that say who ended. */
  readonly endings: readonly Line[];
  readonly log: string;
}

function deathsIn({ lines, endings, log }: Told, since: Since): Deaths {
  const started = lines.filter(({ kind }) => kind === "started");
  const names = new Map(started.map(({ fields: [name = "", pid = ""] }) => [pid, name]));
  const byKernel = killsOfKernel(log);
  const kernelPids = new Set(byKernel.map(({ pid }) => pid));
  const victims = endings
    .map(({ at, fields: [comm = "", pid = "", signal = ""] }) => {
      return { comm: names.get(pid) ?? comm, pid, signal, at: since(at) };
    })
    .filter(({ pid, signal }) => deadly.includes(signal) && !kernelPids.has(pid));
  return {
    victims,
    killed: victims.filter(({ signal }) => signal === sigkill),
    byKernel: byKernel.map(({ comm, at }) => ({ comm, at: since(at) })),
    hasPanicked: log.includes("Kernel panic"),
  };
}

/** Those who sit before the machine wake every 100 ms, and say how late they were. One who never wakes again waits to the end. */
function stallsIn(wakes: readonly Line[], end: number | undefined, since: Since): readonly Stall[] {
  const told = wakes.map(({ at, fields: [, , took = "0"] }) => ({
    at: since(at - Number(took)),
    took: milliseconds(Number(took)),
  }));
  const lastWakes = new Map(wakes.map(({ at, fields: [, pid = ""] }) => [pid, at]));
  const untold = [...lastWakes.values()].map((at) => ({
    at: since(at + 100),
    took: milliseconds(Math.max(0, (end ?? at) - at - 100)),
  }));
  return [...told, ...untold].filter(({ took }) => took > late);
}

const guardSample = (at: Milliseconds, [resident, locked, swapped, faults, cpu]: readonly string[]): GuardSample => ({
  at,
  resident: kib(Number(resident)),
  locked: kib(Number(locked)),
  swapped: kib(Number(swapped)),
  majorFaults: Number(faults),
  cpu: milliseconds(Number(cpu)),
});
