import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { daemonFlags } from "#daemon/become-daemon.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { type Bench, type BenchContext, type Claim, claimAtMost, type Report, type Table } from "./bench.ts";
import { median } from "./median.ts";
import { type PeerScan, scanInC, scanOfEarlyoom } from "./peer-scans.ts";
import { startProgram } from "./program-child.ts";
import { settingsWithRules } from "./scan-rules.ts";
import type { Decided, Decisions } from "./scan-worker.ts";
import { startSleepers } from "./sleepers.ts";
import { showNumber, showSpread } from "./spread.ts";

/** One machine full of sleepers, and what everybody needs to choose one of them. */
interface Scanned {
  readonly sleepers: number;
  readonly decisions: readonly { readonly rules: number; readonly of: Decisions }[];
  readonly earlyoom: PeerScan | undefined;
  readonly cMs: readonly number[] | undefined;
}

interface Wish {
  readonly counts: readonly number[];
  readonly times: number;
  readonly approachMs: number;
}

const full: Wish = { counts: [200, 1000, 5000, 10_000], times: 5, approachMs: 2000 };
const quick: Wish = { counts: [200], times: 1, approachMs: 500 };
const ruleCounts = [0, 50];

/** What tidemark reads of a process for a whole table, and the reader in C as well. */
const filesRead = ["stat", "status", "oom_score_adj"];

/** Room for everybody else's processes. */
const spareProcesses = 2000;

async function decideAmong(rules: number, { times, approachMs }: Wish, signal: AbortSignal): Promise<Decisions> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  try {
    const path = join(folder, "settings.toml");
    writeFileSync(path, settingsWithRules(rules));
    const worker = join(repositoryRoot, "dist/test/support/bench/scan-worker.js");
    await using program = startProgram({
      command: [process.execPath, ...daemonFlags, worker, path, String(times), String(approachMs)],
      signal,
      listenTo: "stdout",
    });
    return JSON.parse((await program.next()).text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function scan(count: number, wish: Wish, { signal, earlyoom, say }: BenchContext): Promise<Scanned> {
  await using _sleepers = await startSleepers(count, signal);
  const decisions: Scanned["decisions"][number][] = [];
  for (const rules of ruleCounts) {
    decisions.push({ rules, of: await decideAmong(rules, wish, signal) });
    say(`scan: ${count} processes, ${rules} rules`);
  }
  const peer = earlyoom === undefined ? undefined : await scanOfEarlyoom(earlyoom, 2 * wish.times, signal);
  return { sleepers: count, decisions, earlyoom: peer, cMs: scanInC(filesRead, 3 * wish.times) };
}

const ms = (all: readonly Decided[]): readonly number[] => all.map((one) => one.ms);
const cpuMs = (all: readonly Decided[]): readonly number[] => all.map((one) => one.cpuMs);

function tableOf(all: readonly Scanned[]): Table {
  const row = (name: string, cell: (scanned: Scanned) => string): readonly string[] => [name, ...all.map(cell)];
  const ours = (name: string, rules: number, cell: (of: Decisions) => string): readonly string[] =>
    row(`tidemark, ${rules} rules: ${name}`, ({ decisions }) =>
      decisions.flatMap((one) => (one.rules === rules ? [cell(one.of)] : [])).join(),
    );
  return {
    title: "From the look that sees it to the decision, in milliseconds (least / median / most)",
    columns: ["", ...all.map(({ sleepers }) => `${sleepers} sleepers`)],
    rows: [
      ...ruleCounts.flatMap((rules) => [
        ours("warm table", rules, ({ warm }) => showSpread(ms(warm))),
        ours("warm table, processor time", rules, ({ warm }) => showSpread(cpuMs(warm))),
        ours("cold, never seen a process", rules, ({ cold }) => showSpread(ms(cold))),
        ours("cold, processor time", rules, ({ cold }) => showSpread(cpuMs(cold))),
        ours("cold, the first look of the program", rules, ({ first }) => showNumber(first.ms)),
      ]),
      row("earlyoom: scan", (scanned) => showSpread(scanned.earlyoom?.ms ?? [])),
      row("earlyoom: scan, processor time", (scanned) => showNumber(scanned.earlyoom?.cpuMs ?? NaN)),
      row(`${filesRead.join(", ")} of all, read in C`, ({ cMs }) => showSpread(cMs ?? [])),
    ],
  };
}

function claimsOf(all: readonly Scanned[]): readonly Claim[] {
  const most = all.at(-1);
  if (most === undefined) return [];
  return most.decisions.flatMap(({ rules, of: { warm, cold } }) => [
    claimAtMost(`${most.sleepers} processes, ${rules} rules, warm: decision in at most 2 ms`, median(ms(warm)), 2),
    claimAtMost(
      `${most.sleepers} processes, ${rules} rules, cold: at most 0.5 × earlyoom's scan`,
      most.earlyoom && median(ms(cold)) / median(most.earlyoom.ms),
      0.5,
    ),
  ]);
}

/** What choosing costs among many processes. */
export const benchScan: Bench = {
  name: "scan",
  title: "Scan and decision",
  lacks: ({ isQuick }) => lacksPrograms("python3") || lacksPids(Math.max(...(isQuick ? quick : full).counts)),
  async run(context): Promise<Report> {
    const wish = context.isQuick ? quick : full;
    const all: Scanned[] = [];
    for (const count of wish.counts) all.push(await scan(count, wish, context));
    return {
      tables: [tableOf(all)],
      claims: claimsOf(all),
      method: [
        "The daemon's own loop turns on this machine with what Node is told for it, in a dry run, after as many rehearsals of a kill as the daemon makes, and nothing is compiled any more; its watermarks are moved to around what is available. Counted is from the start of the look at which memory is exhausted until the signal would be sent, closer look included.",
        `Warm: trouble has been approaching for ${wish.approachMs} ms. Cold: the first look of a daemon, which has not read a process yet, in a program that has decided before; the first look of a program comes after the rehearsals. The kernel counts everybody where it may (a BPF iterator), and the heaviest are read; some of the 50 rules ask for cmdline, which is then read of these.`,
        "The rules are of all kinds in turn (name, exe, cmdline, cgroup, uid) and match nobody.",
        "earlyoom's scan is from the line that says that memory is low to the one that names a victim, in a dry run.",
        ...(all.some(({ cMs }) => cMs === undefined) ? ["There is no C compiler here, so nothing was read in C."] : []),
      ],
      samples: all,
    };
  },
};

function lacksPids(wanted: number): string | false {
  const most = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8"));
  return most < wanted + spareProcesses && `pid_max is ${most}, too few for ${wanted} processes more`;
}
