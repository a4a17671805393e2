import { setTimeout } from "node:timers/promises";
import { lacksPrograms } from "#test/support/needs.ts";
import { type Bench, type BenchContext, type Claim, claimAtMost, type Report, type Table } from "./bench.ts";
import { startHarmlessTidemark } from "./harmless-tidemark.ts";
import { startPeer } from "./killers.ts";
import { type ProcessUsage, usageOf } from "./process-usage.ts";
import type { ProgramChild } from "./program-child.ts";
import { showNumber } from "./spread.ts";

/** One daemon over the time it was watched. */
interface Quiet {
  readonly daemon: string;
  readonly before: ProcessUsage;
  readonly after: ProcessUsage;
}

const full = { settleMs: 10_000, watchMs: 60_000 };
const quick = { settleMs: 1000, watchMs: 2000 };
const nohangSettings = "/etc/nohang/nohang.conf";

const startNohang = (signal: AbortSignal): ProgramChild | undefined =>
  lacksPrograms("nohang") === false
    ? startPeer(["nohang", "--monitor", "--config", nohangSettings], signal)
    : undefined;

async function watch({ isQuick, signal, earlyoom, say }: BenchContext): Promise<readonly Quiet[]> {
  const { settleMs, watchMs } = isQuick ? quick : full;
  await using tidemark = await startHarmlessTidemark([], signal);
  await using earlyoomHere = earlyoom === undefined ? undefined : startPeer([earlyoom, "-r", "0"], signal);
  await using nohang = startNohang(signal);
  const daemons = Object.entries({ tidemark: tidemark.program, earlyoom: earlyoomHere, nohang }).flatMap(
    ([name, program]) => (program === undefined ? [] : [[name, program] as const]),
  );
  say(`quiet: ${daemons.map(([name]) => name).join(", ")} settle for ${settleMs / 1000} s`);
  await setTimeout(settleMs, undefined, { signal });
  const before = daemons.map(([, { pid }]) => usageOf(pid));
  say(`quiet: watched for ${watchMs / 1000} s`);
  await setTimeout(watchMs, undefined, { signal });
  const after = daemons.map(([, { pid }]) => usageOf(pid));
  return daemons.flatMap(([daemon], at) => {
    const [first, last] = [before[at], after[at]];
    return first && last ? [{ daemon, before: first, after: last }] : [];
  });
}

const grown = ({ before, after }: Quiet, figure: (usage: ProcessUsage) => number): number =>
  figure(after) - figure(before);

function tableOf(all: readonly Quiet[], seconds: number): Table {
  return {
    title: `In ${seconds} s, and at their end`,
    columns: [
      "daemon",
      "CPU ms",
      "wake-ups",
      "minor faults",
      "major faults",
      "threads",
      "resident MiB",
      "anonymous",
      "locked",
    ],
    rows: all.map((quiet) => {
      const { daemon, after } = quiet;
      return [
        daemon,
        showNumber(grown(quiet, ({ cpuMs }) => cpuMs)),
        String(grown(quiet, ({ voluntarySwitches }) => voluntarySwitches)),
        String(grown(quiet, ({ minorFaults }) => minorFaults)),
        String(grown(quiet, ({ majorFaults }) => majorFaults)),
        String(after.threads),
        showNumber(after.residentMib),
        showNumber(after.anonymousMib),
        showNumber(after.lockedMib),
      ];
    }),
  };
}

function claimsOf(all: readonly Quiet[]): readonly Claim[] {
  const of = (name: string): Quiet | undefined => all.find(({ daemon }) => daemon === name);
  const [tidemark, earlyoom] = [of("tidemark"), of("earlyoom")];
  const cpu = (quiet: Quiet): number => grown(quiet, ({ cpuMs }) => cpuMs);
  const ratio = tidemark && earlyoom && cpu(tidemark) / cpu(earlyoom);
  return [
    claimAtMost("processor time at most 1 × earlyoom's", ratio, 1),
    claimAtMost("resident at most 18 MiB", tidemark?.after.residentMib, 18),
    claimAtMost(
      "resident and not locked: at most 0.1 MiB",
      tidemark && tidemark.after.residentMib - tidemark.after.lockedMib,
      0.1,
    ),
    claimAtMost(
      "descriptors and threads that came in that time: 0",
      tidemark && grown(tidemark, ({ threads, descriptors }) => threads + descriptors),
      0,
    ),
  ];
}

/** What watching costs while there is nothing to do. */
export const benchQuiet: Bench = {
  name: "quiet",
  title: "Quiet cost",
  lacks: () => process.geteuid?.() !== 0 && "needs root, as the daemons do",
  async run(context): Promise<Report> {
    const { settleMs, watchMs } = context.isQuick ? quick : full;
    const all = await watch(context);
    return {
      tables: [tableOf(all, watchMs / 1000)],
      claims: claimsOf(all),
      method: [
        `All at the same time, after ${settleMs / 1000} s to settle, with their default settings and most of memory available.`,
        "CPU: schedstat of all threads. Wake-ups: voluntary switches of all threads. Resident and locked: pages of all mappings, and of those that are locked (smaps: Rss, VmFlags lo).",
        "tidemark has a rule that lets nobody be chosen, and the others run as a user that can signal nobody.",
        ...(all.some(({ daemon }) => daemon === "nohang") ? [] : ["nohang is not installed here."]),
      ],
      samples: all,
    };
  },
};
