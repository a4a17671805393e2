import { type Milliseconds, milliseconds, pid, subtract } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import type { Standing } from "#journal/standing.ts";
import type { Machine } from "#machine/machine.ts";
import { CannotRecord } from "#recorded/new-file.ts";
import { composeLinux } from "./compose.ts";
import type { ConfigChoice } from "./config-files.ts";
import { findServiceManager, type ServiceEnvironment } from "./find-service-manager.ts";
import { type LogFormat, openJournal } from "./journal-output.ts";
import { type KeptPlan, keepPlan } from "./keep-plan.ts";
import { beginLoop, runLoop, type Turn, turn } from "./loop.ts";
import { watchForMishaps } from "./mishaps.ts";
import { missingCapabilities } from "./missing-capabilities.ts";
import { packageVersion } from "./package-root.ts";
import { readPlan } from "./plan-reading.ts";
import { protectDaemon } from "./protect.ts";
import { type DaemonRecording, recordDaemon } from "./recording/daemon-recording.ts";
import type { RecordingChoice } from "./recording/recording-choice.ts";
import { announcePlan, reloadPlan } from "./reload.ts";
import { listenForRequests, type Requests } from "./requests.ts";
import type { ServiceManager } from "./service-manager.ts";
import { tellLook } from "./tell-look.ts";
import { unusualSysctls } from "./unusual-sysctls.ts";
import { type ErrorView, viewError } from "./views/error-view.ts";

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
  readonly service: ServiceEnvironment;
  /** Undefined: nothing is recorded. */
  readonly recording: RecordingChoice | undefined;
}

/** How it ended. */
export type DaemonEnding =
  | { readonly kind: "stopped" }
  /** Something nobody could treat; the journal has it. */
  | { readonly kind: "failed"; readonly trouble: ErrorView["trouble"] }
  | { readonly kind: "refused-settings"; readonly text: string }
  | { readonly kind: "cannot-record"; readonly text: string }
  /** It may not signal the processes of others; what it lacks, for people. */
  | { readonly kind: "not-permitted"; readonly missing: readonly string[] };

const stderr = 2;

/** What is still unwritten at the end may wait so long for a slow reader. */
const farewell = milliseconds(500);

interface Running {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly startedAt: Milliseconds;
  readonly plan: KeptPlan;
  readonly recording: DaemonRecording;
  /** Undefined: nobody started us who wants to hear of us. */
  readonly service: ServiceManager | undefined;
  kills: number;
}

function sayHello({ machine, journal, plan }: Running, isDryRun: boolean): void {
  const { kernelRelease, architecture } = machine.capabilities;
  journal.emit("daemon.started", {
    version: packageVersion(),
    pid: pid(process.pid),
    kernel_release: kernelRelease,
    architecture,
    dry_run: isDryRun,
  });
  for (const { capability, consequence, advice } of missingCapabilities(machine.capabilities))
    journal.emit("capability.missing", { capability, consequence, advice });
  for (const unusual of unusualSysctls(machine.capabilities.oomSysctls)) journal.emit("kernel.unusual", unusual);
  announcePlan(journal, "config.loaded", plan.inForce);
}

function sayReady({ machine, journal, plan, startedAt }: Running, { engine }: Turn): void {
  const { headroom, policy, rules } = plan.inForce.plan;
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

/** Counts kills, and carries out what the operator asked for between two turns. */
function attend(running: Running, requests: Requests, done: Turn): void {
  const { verdict, outcomes } = done;
  running.kills += verdict.decisions.filter(
    ({ kind }, index) => kind === "signal" && outcomes[index]?.kind === "signalled",
  ).length;
  running.recording.attend(running.journal);
  const isReloadAsked = requests.takeReload();
  running.service?.feed(standingOf(running, done));
  if (isReloadAsked) running.service?.reloading();
  running.plan.attend(done, isReloadAsked);
}

const standingOf = ({ plan, kills }: Running, { engine }: Turn): Standing => ({
  headroom: engine.trend?.headroom,
  low: plan.inForce.plan.headroom.low,
  alarm: engine.alarm?.kind,
  kills,
});

async function watchMemory(running: Running, { isOnce }: DaemonOptions): Promise<string> {
  const { machine, journal, recording } = running;
  using requests = listenForRequests(machine);
  const parts = { machine: recording.machine, journal, plan: () => running.plan.inForce.plan };
  const tellsLooks = running.plan.inForce.loaded.config.journal.level === "debug";
  let isFirst = true;
  const watch = (done: Turn): void => {
    if (tellsLooks) tellLook(journal, machine, done);
    if (isFirst) sayReady(running, done);
    isFirst = false;
    attend(running, requests, done);
    journal.flush();
  };
  if (isOnce) {
    lookOnce(parts, watch);
    return "one look was asked for";
  }
  const { service } = running;
  await runLoop(parts, { isStopping: () => requests.stop() !== undefined, watch, latest: () => service?.hungryAt });
  service?.stopping();
  return `${requests.stop()} asked to stop`;
}

/** One look, with the closer look that it may call for. */
function lookOnce(parts: Parameters<typeof turn>[0], watch: (done: Turn) => void): void {
  const first = turn(parts, beginLoop(parts));
  watch(first);
  if (first.next.at <= parts.machine.now()) watch(turn(parts, first));
}

async function live(running: Running, options: DaemonOptions): Promise<DaemonEnding> {
  const { machine, journal, startedAt, recording } = running;
  sayHello(running, options.isDryRun);
  // A dry run is anybody's command: it needs no protection, and has no right to it.
  if (!options.isDryRun) protectDaemon(running.plan.inForce.loaded.config.protection, journal);
  using mishaps = watchForMishaps();
  try {
    const why = await Promise.race([watchMemory(running, options), mishaps.first]);
    journal.emit("daemon.stopped", { why, uptime_ms: subtract(machine.now(), startedAt), kills: running.kills });
    return { kind: "stopped" };
  } finally {
    await recording.end(journal);
  }
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
  const recording = await beginRecording(options, machine);
  if (recording instanceof CannotRecord) return { kind: "cannot-record", text: recording.message };
  const { config } = inForce.loaded;
  const { format, level } = config.journal;
  const journal = openJournal({
    fd: stderr,
    format: options.logFormat ?? format,
    level,
    stream: options.journalStream,
    now: () => machine.now(),
  });
  const { settings } = options;
  const plan = keepPlan(inForce, {
    journal,
    reload: () => reloadPlan({ machine, journal, settings, startedWith: config }),
    note: (noted) => recording.note(noted),
  });
  using service = findServiceManager({
    environment: options.service,
    now: () => machine.now(),
    complain: ({ call, errno, subject, advice }) =>
      journal.emit("protection.degraded", { protection: "word to the service manager", call, errno, subject, advice }),
  });
  try {
    return await live({ machine, journal, startedAt, plan, recording, service, kills: 0 }, options);
  } catch (error) {
    const { trouble, text } = viewError(error);
    journal.emit("daemon.failed", { why: text });
    return { kind: "failed", trouble };
  } finally {
    journal.close(farewell);
  }
}

async function beginRecording({ recording }: DaemonOptions, machine: Machine): Promise<DaemonRecording | CannotRecord> {
  try {
    return await recordDaemon(recording, machine);
  } catch (error) {
    if (error instanceof CannotRecord) return error;
    throw error;
  }
}
