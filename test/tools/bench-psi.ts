import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { renderTable } from "#cli/render/table.ts";
import { add, kibToBytes, mib, microseconds, microsecondsToMilliseconds, seconds } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import type { Machine } from "#machine/machine.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { median } from "#test/support/bench/median.ts";
import { type Staller, startStaller } from "#test/support/bench/staller.ts";
import { lacksV1 } from "#test/support/conformance/v1-cgroup.ts";
import { lacksPrograms } from "#test/support/needs.ts";

const help = `Usage: npm run bench:psi -- [OPTION…]

How soon a stall on memory is looked at: a real PSI trigger, armed as the daemon arms it, ends the wait of a real machine.
Eight processes in a memcg of their own (64 MiB) read a file of 128 MiB, so that every read reclaims; nobody else is short of
memory. Without CAP_SYS_RESOURCE the kernel checks triggers every 2 s only, and the stalls begin at all phases of that.

  --stalls N   how many (default 30); each takes about 8 s
  --help       this text
`;

const { values } = parseArgs({
  options: { stalls: { type: "string", default: "30" }, help: { type: "boolean", default: false } },
});

/** What the trigger waits for, with CAP_SYS_RESOURCE and without. */
const thresholds = { privileged: microseconds(50_000), unprivileged: microseconds(100_000) };
const triggerPeriod = 2000;
const nsPerMs = 1_000_000;

/** One stall, in milliseconds. */
interface Delay {
  readonly fromBeginning: number;
  /** From when PSI had counted the threshold. Undefined: the trigger was faster than whoever watched. */
  readonly fromThreshold: number | undefined;
  readonly ofLook: number;
}

const monotonicNs = (): number => Number(process.hrtime.bigint());
const stalledUs = (): number => parsePressure(new Uint8Array(readFileSync("/proc/pressure/memory"))).some.total;

/** Until nobody has stalled for longer than a window of the trigger: what it has to tell then is of our stall. */
async function calm(machine: Machine, phase: number): Promise<void> {
  for (let before = -1; before !== stalledUs(); await setTimeout(triggerPeriod + 500)) before = stalledUs();
  await setTimeout(phase);
  await machine.wait(machine.now());
}

/** Undefined: no pressure was told within ten seconds. */
async function measure(machine: Machine, staller: Staller): Promise<Delay | undefined> {
  staller.go();
  const waker = await machine.wait(add(machine.now(), seconds(10)));
  const woken = monotonicNs();
  machine.sense({ needs: ["meminfo", "pressure"], isPressing: true });
  const looked = monotonicNs();
  const { began, reached } = await staller.stop();
  if (waker !== "pressure") return undefined;
  const since = (from: number): number => (looked - from) / nsPerMs;
  return {
    fromBeginning: since(began),
    fromThreshold: reached === null ? undefined : since(reached),
    ofLook: since(woken),
  };
}

function describe(what: string, delays: readonly number[]): readonly string[] {
  const shown = [Math.min(...delays), median(delays), Math.max(...delays)].map((ms) => ms.toFixed(ms < 1 ? 3 : 0));
  return [what, String(delays.length), ...shown];
}

async function bench(count: number, file: string): Promise<void> {
  using machine = linuxMachine();
  const { canLowerOomScoreAdj, hasPressureTriggers } = machine.capabilities;
  if (!hasPressureTriggers) throw new Error("Cannot measure: this kernel offers no PSI trigger");
  const threshold = canLowerOomScoreAdj ? thresholds.privileged : thresholds.unprivileged;
  await using staller = startStaller({ limit: mib(64), file, threshold });
  const delays: (Delay | undefined)[] = [];
  for (let n = 0; n < count; n++) {
    await calm(machine, (triggerPeriod * n) / count);
    delays.push(await measure(machine, staller));
  }
  const seen = delays.filter((delay) => delay !== undefined);
  const rows = [
    describe(
      "stall begins → look",
      seen.map(({ fromBeginning }) => fromBeginning),
    ),
    describe(
      `${microsecondsToMilliseconds(threshold)} ms stalled → look`,
      seen.flatMap(({ fromThreshold }) => fromThreshold ?? []),
    ),
    describe(
      "wake → look",
      seen.map(({ ofLook }) => ofLook),
    ),
  ];
  const columns = ["", "stalls", "min ms", "median", "max"].map(
    (title) => ({ title, align: title === "" ? "left" : "right" }) as const,
  );
  process.stdout.write(
    `${canLowerOomScoreAdj ? "Privileged" : "Unprivileged"} trigger; ${count - seen.length} of ${count} stalls `,
  );
  process.stdout.write(
    `ended no wait. Load of the machine: ${loadavg()[0]?.toFixed(2)}.\n\n${renderTable(columns, rows)}\n`,
  );
}

async function main(): Promise<void> {
  const count = Number(values.stalls);
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Cannot use --stalls ${values.stalls}: it must be a whole number of at least 1`);
  }
  const lacking = lacksV1("memory") || lacksPrograms("python3");
  if (lacking !== false) throw new Error(`Cannot measure: ${lacking}`);
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  try {
    const file = join(folder, "larger-than-its-memcg");
    writeFileSync(file, randomBytes(kibToBytes(mib(128))));
    await bench(count, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.help) process.stdout.write(help);
else await main();
