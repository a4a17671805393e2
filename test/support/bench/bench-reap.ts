import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gib, type KiB, kib, kibToMiB, mib } from "#domain/units.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { type Bench, type BenchContext, type Claim, claimAtMost, type Report, type Table } from "./bench.ts";
import { confinementOf } from "./confinement.ts";
import { type HogWish, startHogRound } from "./hog-round.ts";
import { hogUid } from "./killers.ts";
import { median } from "./median.ts";
import { type ProgramChild, startProgram } from "./program-child.ts";
import type { Reaped } from "./reap-worker.ts";
import { showSpread } from "./spread.ts";

type Means = "reap" | "signal alone";

/** A victim of one kind. */
interface Plight {
  readonly name: string;
  readonly size: KiB;
  readonly onceLoose: HogWish["onceLoose"];
  readonly isFrozen: boolean;
  readonly hasBusyCores: boolean;
  /** What does not come back within this time counts as not coming back. */
  readonly limitSeconds: number;
  readonly runs: number;
}

/** One kill; milliseconds since the decision, undefined what did not happen within the limit. */
interface Freed {
  readonly plight: string;
  readonly means: Means;
  readonly back: number | undefined;
  readonly exited: number | undefined;
  readonly reap: string;
}

const usual = { onceLoose: "spin", isFrozen: false, hasBusyCores: false } as const;
const starving = { onceLoose: "starve", isFrozen: false, hasBusyCores: true } as const;

const full: readonly Plight[] = [
  { name: "running", size: gib(1), ...usual, limitSeconds: 10, runs: 5 },
  { name: "SCHED_IDLE beside busy cores", size: mib(128), ...starving, limitSeconds: 10, runs: 3 },
  { name: "frozen", size: gib(1), ...usual, isFrozen: true, limitSeconds: 2, runs: 3 },
];
const quick: readonly Plight[] = [
  { name: "running", size: mib(64), ...usual, limitSeconds: 5, runs: 1 },
  { name: "frozen", size: mib(64), ...usual, isFrozen: true, limitSeconds: 1, runs: 1 },
];

const nsPerMs = 1_000_000;
const spinner = "import signal\nsignal.alarm(120)\nwhile True: pass";

/** Others that want every processor there is. */
function keepCoresBusy(signal: AbortSignal): AsyncDisposable {
  const spinners = Array.from({ length: availableParallelism() }, () =>
    startProgram({ command: ["python3", "-c", spinner], signal, listenTo: "stdout" }),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(spinners.map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

/** Disposed of, it is thawed, which lets a pending SIGKILL do its work. */
function freeze(pid: number): AsyncDisposable {
  const cgroup = makeV1Cgroup("freezer");
  cgroup.write("cgroup.procs", String(pid));
  cgroup.write("freezer.state", "FROZEN");
  return cgroup;
}

function startReaper(pid: number, [means, limitSeconds]: readonly [Means, number], signal: AbortSignal): ProgramChild {
  const worker = join(repositoryRoot, "dist/test/support/bench/reap-worker.js");
  return startProgram({
    command: [process.execPath, worker, String(pid), means, String(limitSeconds * 1000)],
    signal,
    listenTo: "stdout",
  });
}

async function killOnce(plight: Plight, means: Means, signal: AbortSignal): Promise<Freed> {
  const { name, size, onceLoose, isFrozen, hasBusyCores, limitSeconds } = plight;
  const wish: HogWish = { size, left: kib(0), beyond: kib(0), uid: hogUid, limitSeconds: limitSeconds + 2, onceLoose };
  await using hog = await startHogRound(wish, signal);
  await using reaper = startReaper(hog.pid, [means, limitSeconds], signal);
  await reaper.until(/ready/);
  await using _busy = hasBusyCores ? keepCoresBusy(signal) : undefined;
  const end = hog.go({ amount: kib(0), base: "absolute" });
  await setTimeout(hasBusyCores ? 500 : 100, undefined, { signal });
  // After the hog, so that it is thawed before anybody waits for its end.
  await using _frozen = isFrozen ? freeze(hog.pid) : undefined;
  reaper.tell("go\n");
  const { at, reap }: Reaped = JSON.parse((await reaper.next()).text);
  const { back, exited } = await end;
  const since = (moment: number | null): number | undefined => {
    const ms = moment === null ? Infinity : (moment - at) / nsPerMs;
    return ms > limitSeconds * 1000 ? undefined : ms;
  };
  return { plight: name, means, back: since(back), exited: since(exited), reap };
}

async function measure(plights: readonly Plight[], { signal, say }: BenchContext): Promise<readonly Freed[]> {
  const all: Freed[] = [];
  for (const plight of plights) {
    for (let run = 0; run < plight.runs; run++) {
      for (const means of ["reap", "signal alone"] as const) all.push(await killOnce(plight, means, signal));
    }
    say(`reap: ${plight.name}, ${plight.runs} pairs`);
  }
  return all;
}

function showAll(runs: readonly Freed[], figure: (freed: Freed) => number | undefined, limitSeconds: number): string {
  const known = runs.flatMap((one) => figure(one) ?? []);
  const late = runs.length - known.length;
  if (late === 0) return showSpread(known);
  const never = `${late} of ${runs.length} not within ${limitSeconds} s`;
  return known.length === 0 ? never : `${showSpread(known)}, ${never}`;
}

function tableOf(all: readonly Freed[], plights: readonly Plight[]): Table {
  return {
    title: "From the decision, in milliseconds (least / median / most)",
    columns: ["victim, means", "kills", "memory back", "exited", "reaping"],
    rows: plights.flatMap(({ name, size, limitSeconds }) =>
      (["reap", "signal alone"] as const).map((means) => {
        const runs = all.filter((one) => one.plight === name && one.means === means);
        return [
          `${name}, ${kibToMiB(size)} MiB: ${means}`,
          String(runs.length),
          showAll(runs, ({ back }) => back, limitSeconds),
          showAll(runs, ({ exited }) => exited, limitSeconds),
          [...new Set(runs.map(({ reap }) => reap))].join(", "),
        ];
      }),
    ),
  };
}

/** What did not come back within the limit has taken longer than that. */
const claimsOf = (all: readonly Freed[], plights: readonly Plight[]): readonly Claim[] =>
  plights.map(({ name, limitSeconds }) => {
    const middle = (means: Means): number =>
      median(
        all.flatMap((one) => (one.plight === name && one.means === means ? [one.back ?? limitSeconds * 1000] : [])),
      );
    return claimAtMost(
      `${name}: memory back at most 0.9 × without reaping`,
      middle("reap") / middle("signal alone"),
      0.9,
    );
  });

/** What process_mrelease is worth, by the plight of the victim. */
export const benchReap: Bench = {
  name: "reap",
  title: "Reaping",
  lacks: () => confinementOf(hogUid) || lacksV1("freezer"),
  async run(context): Promise<Report> {
    const plights = context.isQuick ? quick : full;
    const all = await measure(plights, context);
    return {
      tables: [tableOf(all, plights)],
      claims: claimsOf(all, plights),
      method: [
        "The real machine of the daemon, at its priority and after a rehearsal, kills a hog: SIGKILL and process_mrelease in one breath, or SIGKILL alone, in turns.",
        `Busy cores: ${availableParallelism()} processes of ordinary priority that spin. Frozen: by a cgroup of its own, and thawed when the time is up.`,
        "Memory is back when AnonPages has fallen by nine tenths of what the hog held.",
      ],
      samples: all,
    };
  },
};
