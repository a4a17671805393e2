import { setTimeout } from "node:timers/promises";
import { gib, type KiB, kib, kibToGiB, kibToMiB, mib, subtract } from "#domain/units.ts";
import { type Bench, type BenchContext, type Claim, claimAtMost, type Report, type Table } from "./bench.ts";
import { confinementOf } from "./confinement.ts";
import { readFromLook } from "./from-look.ts";
import { type HogEnd, startHogRound } from "./hog-round.ts";
import { earlyoomWith, hogUid, type StartKiller, startTidemark } from "./killers.ts";
import { median } from "./median.ts";
import { availableNow, hasSwap } from "./memory-now.ts";
import { chances, showSpread } from "./spread.ts";

/** One kill, in milliseconds since the threshold was crossed. */
interface Kill {
  readonly killer: string;
  readonly size: KiB;
  readonly signalled: number;
  readonly exited: number;
  readonly back: number;
  /** What the hog really held: it takes more than its size where others give back meanwhile. */
  readonly heldGib: number;
  readonly pastMib: number;
  readonly mibPerSecond: number;
  /** From the start of the look that saw it to the signal, as the journal says it; of tidemark only. */
  readonly fromLook: number | undefined;
}

interface Wish {
  readonly sizes: readonly KiB[];
  readonly pairs: number;
  readonly left: KiB;
}

/** Less of them in quick mode, and smaller ones. */
const wishOf = ({ isQuick, pairs }: BenchContext): Wish =>
  isQuick ? { sizes: [gib(1)], pairs: 1, left: mib(768) } : { sizes: [gib(1), gib(4), gib(10)], pairs, left: mib(768) };

/** Left to everybody else on the machine, whatever the hog does. */
const reserve = gib(8);
/** MemAvailable can grow while the hog does: freed pages come back from the host late. */
const beyond = gib(1.5);
const limitSeconds = 40;
/** An observer that is stopped for longer (the host of a virtual machine does that) has not seen what happened. */
const mostBlindNs = 10_000_000;
const nsPerMs = 1_000_000;
const seed = 1;

/** One round of one killer. */
interface Round {
  readonly name: string;
  readonly start: StartKiller;
  readonly size: KiB;
  /** Milliseconds between ready and the word, so that it is met at any phase of its sleep. */
  readonly pause: number;
}

/** All that an observer has to see of a kill. */
type Seen = { readonly [M in "crossed" | "signalled" | "exited" | "back"]: number };

/** What was seen, or why it says nothing about the killer. */
function whatWasSeen({ crossed, signalled, exited, back, blind_ns }: HogEnd): Seen | string {
  if (signalled === null) return `nobody was signalled within ${limitSeconds} s`;
  // Others took memory for a moment, or before the hog had its word.
  if (crossed === null || signalled < crossed) return "it was signalled before the threshold was seen crossed";
  if (exited === null || back === null) return `its memory was not seen back within ${limitSeconds} s`;
  if (blind_ns > mostBlindNs) return `the observer saw nothing for ${Math.round(blind_ns / nsPerMs)} ms`;
  return { crossed, signalled, exited, back };
}

/** The kill, or why it was not seen. */
async function playRound({ name, start, size, pause }: Round, left: KiB, signal: AbortSignal): Promise<Kill | string> {
  await using hog = await startHogRound({ size, left, beyond, uid: hogUid, limitSeconds, onceLoose: "grow" }, signal);
  await using killer = await start(subtract(hog.available, left), signal);
  await setTimeout(pause, undefined, { signal });
  const end = await hog.go(killer.threshold);
  const seen = whatWasSeen(end);
  if (typeof seen === "string") return seen;
  const { crossed, signalled, exited, back } = seen;
  const { held_kib, past_kib, mib_per_s } = end;
  const since = (moment: number): number => (moment - crossed) / nsPerMs;
  return {
    killer: name,
    size,
    signalled: since(signalled),
    exited: since(exited),
    back: since(back),
    heldGib: kibToGiB(kib(held_kib)),
    pastMib: kibToMiB(kib(Math.max(0, past_kib ?? 0))),
    mibPerSecond: mib_per_s ?? NaN,
    fromLook: readFromLook(killer.program.lines.map(({ text }) => text)),
  };
}

type Contenders = readonly (readonly [string, StartKiller])[];

const contenders = (earlyoom: string | undefined): Contenders => [
  ["tidemark", startTidemark],
  ...(earlyoom === undefined ? [] : [["earlyoom", earlyoomWith(earlyoom)] as const]),
];

interface Kills {
  readonly kills: readonly Kill[];
  readonly missed: readonly string[];
}

/** What somebody else spoilt is done once more. */
async function twiceIfUnseen(play: () => Promise<Kill | string>): Promise<Kill | string> {
  const first = await play();
  if (typeof first !== "string") return first;
  const second = await play();
  return typeof second === "string" ? `${first}; ${second}` : second;
}

async function measureSize(size: KiB, { pairs, left }: Wish, context: BenchContext): Promise<Kills> {
  const { signal, say } = context;
  const both = contenders(context.earlyoom);
  const chance = chances(seed);
  const kills: Kill[] = [];
  const missed: string[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Who comes first changes, lest one always meets the pages that the other has left.
    for (const [name, start] of pair % 2 === 0 ? both : both.toReversed()) {
      const play = () => playRound({ name, start, size, pause: 700 + 300 * chance() }, left, signal);
      const seen = await twiceIfUnseen(play);
      if (typeof seen !== "string") kills.push(seen);
      else missed.push(`A kill by ${name} (${kibToGiB(size)} GiB) was not seen, twice in a row: ${seen}.`);
    }
    say(`kill: ${kibToGiB(size)} GiB, pair ${pair + 1} of ${pairs}`);
  }
  return { kills, missed };
}

async function measureAll(wish: Wish, context: BenchContext): Promise<Kills> {
  const all: Kills[] = [];
  for (const size of wish.sizes) {
    if (availableNow() >= size + beyond + reserve) all.push(await measureSize(size, wish, context));
    else all.push({ kills: [], missed: [`No hog of ${kibToGiB(size)} GiB: too little would be left to others.`] });
  }
  return { kills: all.flatMap(({ kills }) => kills), missed: all.flatMap(({ missed }) => missed) };
}

const of = (kills: readonly Kill[], killer: string, size: KiB): readonly Kill[] =>
  kills.filter((one) => one.killer === killer && one.size === size);

/** A row for every hog and killer, with the spread of what each column shows. */
function tableOf(
  title: string,
  kills: readonly Kill[],
  figures: Readonly<Record<string, (kill: Kill) => number>>,
): Table {
  const groupOf = ({ size, killer }: Kill): string => `${kibToGiB(size)} GiB, ${killer}`;
  const rows = [...new Set(kills.map(groupOf))].map((group) => {
    const mine = kills.filter((one) => groupOf(one) === group);
    return [group, String(mine.length), ...Object.values(figures).map((figure) => showSpread(mine.map(figure)))];
  });
  return { title, columns: ["hog, killer", "kills", ...Object.keys(figures)], rows };
}

const latencies = (kills: readonly Kill[]): Table =>
  tableOf("From the crossing of the threshold, in milliseconds (least / median / most)", kills, {
    signalled: (one) => one.signalled,
    exited: ({ exited }) => exited,
    "memory back": ({ back }) => back,
  });

const circumstances = (kills: readonly Kill[]): Table =>
  tableOf("How it came to that", kills, {
    "signal → back, ms per GiB": ({ signalled, back, heldGib }) => (back - signalled) / heldGib,
    "GiB held": ({ heldGib }) => heldGib,
    "MiB past the threshold": ({ pastMib }) => pastMib,
    "MiB/s at the crossing": ({ mibPerSecond }) => mibPerSecond,
  });

function ratio(kills: readonly Kill[], size: KiB, figure: (kill: Kill) => number): number | undefined {
  const [ours, theirs] = ["tidemark", "earlyoom"].map((killer) => median(of(kills, killer, size).map(figure)));
  return ours === undefined || theirs === undefined ? undefined : ours / theirs;
}

function claimsOf(kills: readonly Kill[], sizes: readonly KiB[]): readonly Claim[] {
  const fromLook = kills.flatMap((one) => one.fromLook ?? []);
  return [
    ...sizes.flatMap((size) => [
      claimAtMost(
        `${kibToGiB(size)} GiB: crossed → SIGKILL at most 0.25 × earlyoom's`,
        ratio(kills, size, ({ signalled }) => signalled),
        0.25,
      ),
      claimAtMost(
        `${kibToGiB(size)} GiB: crossed → memory back at most 0.9 × earlyoom's`,
        ratio(kills, size, ({ back }) => back),
        0.9,
      ),
    ]),
    claimAtMost("start of the look that saw it → SIGKILL at most 5 ms", median(fromLook), 5),
  ];
}

/** Kill latency: fast hogs, thresholds placed high, in pairs that alternate with earlyoom. */
export const benchKill: Bench = {
  name: "kill",
  title: "Kill latency",
  lacks: () => confinementOf(hogUid) || (hasSwap() && "there is swap, and where the threshold lies would depend on it"),
  async run(context): Promise<Report> {
    const wish = wishOf(context);
    const { kills, missed } = await measureAll(wish, context);
    return {
      tables: [latencies(kills), circumstances(kills)],
      claims: claimsOf(kills, wish.sizes),
      method: [
        `A hog of one thread fills all but ${kibToMiB(wish.left)} MiB of its size; the threshold is placed that much below what is available then, a daemon is started, and the hog grows on as fast as it can.`,
        "An observer (SCHED_FIFO, every 0.5 ms) sees when MemAvailable crosses the threshold, when a fatal signal is pending for the hog, when it has exited, and when AnonPages has fallen by nine tenths of what it held.",
        "MemAvailable says nothing about memory that is back where free pages are reported to a host.",
        "Thresholds of SIGTERM and SIGKILL are equal for earlyoom, and 1 KiB apart for tidemark; no swap. earlyoom runs as the hog's user with CAP_IPC_LOCK, tidemark with a rule for that user, both at nice -20, each in a session of its own.",
        ...missed,
      ],
      samples: kills,
    };
  },
};
