import { renderProblems } from "#config/diagnostics.ts";
import { type Milliseconds, milliseconds, pid, subtract } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import type { Machine } from "#machine/machine.ts";
import { composeLinux } from "./compose.ts";
import type { ConfigChoice } from "./config-files.ts";
import { type LogFormat, openJournal } from "./journal-output.ts";
import { beginLoop, runLoop, type Turn, turn } from "./loop.ts";
import { missingCapabilities } from "./missing-capabilities.ts";
import { packageVersion } from "./package-root.ts";
import { type PlanInForce, readPlan } from "./plan-reading.ts";
import { protectDaemon } from "./protect.ts";
import { listenForRequests, type Requests } from "./requests.ts";

/** How the daemon is started. */
export interface DaemonOptions {
  /** Decides and tells, and touches nobody. */
  readonly isDryRun: boolean;
  /** One look, and what follows from it; then the end. */
  readonly isOnce: boolean;
  readonly settings: ConfigChoice;
  /** What the command line says; undefined: what the settings say. */
  readonly logFormat: LogFormat | undefined;
  /** The environment's JOURNAL_STREAM. */
  readonly journalStream: string | undefined;
}

/** How it ended. */
export type DaemonEnding =
  | { readonly kind: "stopped" }
  | { readonly kind: "refused-settings"; readonly text: string }
  /** It may not signal the processes of others; what it lacks, for people. */
  | { readonly kind: "not-permitted"; readonly missing: readonly string[] };

const stderr = 2;

/** What is still unwritten at the end may wait so long for a slow reader. */
const farewell = milliseconds(500);

interface Running {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly settings: ConfigChoice;
  readonly startedAt: Milliseconds;
  inForce: PlanInForce;
  kills: number;
}

function sayHello({ machine, journal, inForce }: Running, isDryRun: boolean): void {
  const { kernelRelease, architecture } = machine.capabilities;
  journal.emit("daemon.started", {
    version: packageVersion(),
    pid: pid(process.pid),
    kernel_release: kernelRelease,
    architecture,
    dry_run: isDryRun,
  });
  for (const missing of missingCapabilities(machine.capabilities)) journal.emit("capability.missing", missing);
  journal.emit("config.loaded", toldSettings(inForce));
  for (const warning of inForce.warnings) journal.emit("config.advised", { advice: renderProblems([warning]).trim() });
}

const toldSettings = ({ files, plan }: PlanInForce) => ({
  files,
  policy: plan.policy.name,
  rules: plan.rules.length,
});

function sayReady({ machine, journal, inForce, startedAt }: Running, { engine }: Turn): void {
  const { headroom, policy, rules } = inForce.plan;
  journal.emit("daemon.ready", {
    ...(engine.trend && { headroom_kib: engine.trend.headroom }),
    min_kib: headroom.min,
    low_kib: headroom.low,
    high_kib: headroom.high,
    policy: policy.name,
    rules: rules.length,
    took_ms: subtract(machine.now(), startedAt),
  });
}

/** A reload that fails changes nothing. */
function reload(running: Running): void {
  const reading = readPlan(running.settings, running.machine);
  if (reading.kind === "refused") {
    const problems = reading.problems.length === 0 ? [reading.text] : reading.problems.map(({ message }) => message);
    running.journal.emit("config.refused", { problems });
    return;
  }
  running.inForce = reading;
  running.journal.emit("config.reloaded", toldSettings(reading));
}

/** Counts kills, and carries out what the operator asked for between two turns. */
function attend(running: Running, requests: Requests, { verdict, outcomes }: Turn): void {
  running.kills += verdict.decisions.filter(
    ({ kind }, index) => kind === "signal" && outcomes[index]?.kind === "signalled",
  ).length;
  if (requests.takeReload()) reload(running);
}

async function watchMemory(running: Running, { isOnce }: DaemonOptions): Promise<string> {
  const { machine, journal } = running;
  using requests = listenForRequests(machine);
  const parts = { machine, journal, plan: () => running.inForce.plan };
  let isFirst = true;
  const watch = (done: Turn): void => {
    if (isFirst) sayReady(running, done);
    isFirst = false;
    attend(running, requests, done);
    journal.flush();
  };
  if (isOnce) {
    lookOnce(parts, watch);
    return "one look was asked for";
  }
  await runLoop(parts, { isStopping: () => requests.stop() !== undefined, watch });
  return `${requests.stop()} asked to stop`;
}

/** One look, with the closer look that it may call for. */
function lookOnce(parts: Parameters<typeof turn>[0], watch: (done: Turn) => void): void {
  const first = turn(parts, beginLoop(parts));
  watch(first);
  if (first.next.at <= parts.machine.now()) watch(turn(parts, first));
}

async function live(running: Running, options: DaemonOptions): Promise<DaemonEnding> {
  const { machine, journal, startedAt } = running;
  sayHello(running, options.isDryRun);
  // A dry run is anybody's command: it needs no protection, and has no right to it.
  if (!options.isDryRun) protectDaemon(running.inForce.loaded.config.protection, journal);
  const why = await watchMemory(running, options);
  journal.emit("daemon.stopped", { why, uptime_ms: subtract(machine.now(), startedAt), kills: running.kills });
  return { kind: "stopped" };
}

/** Watches memory until it is told to stop. @throws SystemError when the machine cannot be watched at all */
export async function runDaemon(options: DaemonOptions): Promise<DaemonEnding> {
  using machine = composeLinux({ isDryRun: options.isDryRun });
  const startedAt = machine.now();
  if (!machine.capabilities.canSignalOthers && !options.isDryRun) {
    const missing = missingCapabilities(machine.capabilities).map(
      ({ capability, consequence }) => `no ${capability}: ${consequence}`,
    );
    return { kind: "not-permitted", missing };
  }
  const inForce = readPlan(options.settings, machine);
  if (inForce.kind === "refused") return { kind: "refused-settings", text: inForce.text };
  const { format, level } = inForce.loaded.config.journal;
  const journal = openJournal({
    fd: stderr,
    format: options.logFormat ?? format,
    level,
    stream: options.journalStream,
    now: () => machine.now(),
  });
  try {
    return await live({ machine, journal, settings: options.settings, startedAt, inForce, kills: 0 }, options);
  } catch (error) {
    journal.emit("daemon.failed", { why: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    journal.close(farewell);
  }
}
