import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, release, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { summarize } from "#test/support/calibration/moments.ts";
import { playInMemcg } from "#test/support/calibration/play-memcg.ts";
import { playWatched } from "#test/support/calibration/play-watched.ts";
import { type Recorded, type RecordedRun, recordedPath } from "#test/support/calibration/recorded-runs.ts";
import { calibrationUid, type Story, stories } from "#test/support/calibration/stories.ts";
import { lacksV1 } from "#test/support/conformance/v1-cgroup.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const help = `Usage: npm run calibrate:record -- [OPTION…] [STORY…]

Plays the scenarios of test/fixtures/calibration on this machine, confined to processes of its own, and records beside
each who died, in which order, and how long everything took. Needs root, 8 GiB available and no swap.
Stories: ${stories.map(({ name }) => name).join(" ")}

  --runs N      how often each is played (default 7)
  --dry-run     prints what was seen, and records nothing`;

const leastAvailableKiB = 8 * 1024 * 1024;
/** Everything of a run goes before what others do on this machine, lest its times be theirs. */
type Scheduling = "SCHED_FIFO 5" | "nice -18";

/** Not SCHED_FIFO in a memcg: there a task that wants memory would not let the victim exit, and be the next one 10 ms later. */
const schedulingOf = ({ kind }: Story): Scheduling => (kind === "watched" ? "SCHED_FIFO 5" : "nice -18");

/** Whoever is started from now on inherits it. */
function schedule(wanted: Scheduling): void {
  const policy = wanted === "SCHED_FIFO 5" ? ["--fifo", "--pid", "5"] : ["--other", "--pid", "0"];
  const { status, stderr } = spawnSync("chrt", [...policy, String(process.pid)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot record: chrt failed (${stderr.trim()}); it needs root and util-linux`);
  setPriority(-18);
}

/** So often every story may be spoilt by others. */
const mostDisturbed = 50;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const meminfo = (name: string): number =>
  Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0);

/** Why nothing can be recorded here, or false. */
function whyNot(): string | false {
  if (process.geteuid?.() !== 0) return "hogs of another user need root";
  if (meminfo("SwapTotal") > 0) return "there is swap: then MemAvailable is not what the daemon watches; swapoff first";
  if (meminfo("MemAvailable") < leastAvailableKiB) return "less than 8 GiB are available";
  const strangers = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && ownerOf(name) === calibrationUid);
  if (strangers.length > 0) return `processes of uid ${calibrationUid} are there already: ${strangers.join(", ")}`;
  return lacksV1("memory");
}

const ownerOf = (pid: string): number | undefined => statSync(join("/proc", pid), { throwIfNoEntry: false })?.uid;

/** Seconds. */
const patience = 1;
const busyTicks = (): readonly [busy: number, all: number] => {
  const [, ...ticks] = (readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "").split(/ +/).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return [all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all];
};

/** Waits for half a second in which others leave most of this machine alone, for a while. */
async function waitForQuiet(): Promise<void> {
  for (let tries = 0; tries < patience * 2; tries += 1) {
    const [busyBefore, before] = busyTicks();
    const available = meminfo("MemAvailable");
    await sleep(500);
    const [busy, all] = busyTicks();
    const moved = Math.abs(meminfo("MemAvailable") - available);
    if ((busy - busyBefore) / (all - before) < 0.4 && moved < 32 * 1024) return;
  }
}

/** Plays a story once. @throws Error when that says nothing of the story */
async function playOnce(story: Story): Promise<RecordedRun> {
  await waitForQuiet();
  const load = loadavg()[0] ?? 0;
  schedule(schedulingOf(story));
  const [busyBefore, before] = busyTicks();
  const moments = story.kind === "watched" ? await playWatched(story) : await playInMemcg(story);
  const [busy, all] = busyTicks();
  const busyShare = (busy - busyBefore) / (all - before);
  const { victims, spans } = summarize(moments, story.spans);
  return { load: round(load), busyShare: round(busyShare), victims, spans: mapValues(spans, round) };
}

/** What has been recorded of one story. */
interface Tally {
  readonly story: Story;
  readonly runs: RecordedRun[];
  readonly disturbed: string[];
}

async function add({ story, runs, disturbed }: Tally): Promise<void> {
  try {
    runs.push(await playOnce(story));
    print(`${story.name} ${JSON.stringify(runs.at(-1))}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    disturbed.push(why);
    print(`${story.name} disturbed: ${why}`);
    if (disturbed.length > mostDisturbed) throw error;
  }
}

function keep({ story, runs, disturbed }: Tally): void {
  const recorded: Recorded = {
    story: story.name,
    recordedAt: new Date().toISOString(),
    ...where(story),
    runs,
    disturbed,
  };
  writeFileSync(recordedPath(story), `${JSON.stringify(recorded, undefined, 2)}\n`);
}

const round = (value: number): number => Math.round(value * 100) / 100;
const mapValues = (record: Readonly<Record<string, number>>, change: (value: number) => number) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const where = (story: Story): Pick<Recorded, "tidemark" | "machine"> => ({
  tidemark: JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")).version,
  machine: {
    kernel: release(),
    architecture: arch(),
    cpus: cpus().length,
    ramKiB: meminfo("MemTotal"),
    swapKiB: meminfo("SwapTotal"),
    node: process.version,
    scheduling: schedulingOf(story),
  },
});

/** What the command line asks for; undefined: nothing that can be done. */
function readOptions():
  | { readonly runs: number; readonly isDry: boolean; readonly wanted: readonly Story[] }
  | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "7" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs);
  const isUnknown = (name: string) => !stories.some((story) => story.name === name);
  if (values.help || positionals.some(isUnknown) || !(Number.isInteger(runs) && runs >= 1 && runs <= 50))
    return undefined;
  const wanted = stories.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { runs, isDry: values["dry-run"], wanted };
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    print(help);
    return 2;
  }
  const reason = whyNot();
  if (reason !== false) {
    print(`Cannot record: ${reason}`);
    return 1;
  }
  const { runs, isDry, wanted } = options;
  const tallies = wanted.map((story): Tally => ({ story, runs: [], disturbed: [] }));
  // In turns, so that what others do in one minute does not fall upon one story alone.
  for (let open = tallies; open.length > 0; open = open.filter(({ runs: done }) => done.length < runs)) {
    for (const tally of open) await add(tally);
    if (!isDry) for (const tally of open) keep(tally);
  }
  return 0;
}

process.exitCode = await main();
