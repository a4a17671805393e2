import { least, type Milliseconds, milliseconds, pid, subtract } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Journal } from "#journal/journal.ts";
import type { Standing } from "#journal/standing.ts";
import type { OpenedCensus } from "#linux/open-census.ts";
import { readOwnMemory } from "#linux/own-memory.ts";
import { makeSacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import { CannotRecord } from "#recorded/new-file.ts";
import { askSettings } from "./ask-settings.ts";
import { composeLinux } from "./compose.ts";
import type { DaemonEnding, DaemonOptions } from "./daemon-options.ts";
import { findServiceManager } from "./find-service-manager.ts";
import { adoptCensus, type Handover, type Lodging } from "./handover.ts";
import { openJournal } from "./journal-output.ts";
import { announceSettings, keepSettings, type LiveSettings } from "./live-settings.ts";
import { beginLoop, type LoopParts, type LoopState, runLoop, type Turn, turn } from "./loop.ts";
import { watchForMishaps } from "./mishaps.ts";
import { lackOfCensus, missingCapabilities } from "./missing-capabilities.ts";
import { packageVersion } from "./package-root.ts";
import { protectDaemon, tellDegraded } from "./protect.ts";
import { type DaemonRecording, recordDaemon } from "./recording/daemon-recording.ts";
import { listenForRequests, type Requests } from "./requests.ts";
import { becomeResident, notResident, type Residency } from "./residency.ts";
import type { ServiceManager } from "./service-manager.ts";
import { bindSettings } from "./settings-in-force.ts";
import { onOwnClock } from "./start-time.ts";
import { tellLook } from "./tell-look.ts";
import { unusualSysctls } from "./unusual-sysctls.ts";
import { viewError } from "./views/error-view.ts";

const stderr = 2;

/** What is still unwritten at the end may wait so long for a slow reader. */
const farewell = milliseconds(500);

interface Running {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly startedAt: Milliseconds;
  readonly settings: LiveSettings;
  readonly census: OpenedCensus;
  readonly recording: DaemonRecording;
  /** Undefined: nobody started us who wants to hear of us. */
  readonly service: ServiceManager | undefined;
  readonly residency: Residency;
  kills: number;
}

function sayHello({ machine, journal, settings, census }: Running, isDryRun: boolean): void {
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
  if (census.kind === "refused") journal.emit("capability.missing", lackOfCensus(census.failure));
  for (const unusual of unusualSysctls(machine.capabilities.oomSysctls)) journal.emit("kernel.unusual", unusual);
  announceSettings(journal, "config.loaded", settings.inForce);
}

function sayReady({ machine, journal, settings, startedAt }: Running, { engine }: Turn): void {
  const { headroom, policy, rules } = settings.inForce.plan;
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
  const { service, settings } = running;
  const isReloadAsked = requests.takeReload();
  if (!settings.isReloading) service?.reloaded();
  service?.feed(standingOf(running, done));
  if (isReloadAsked) service?.reloading();
  settings.attend(done, isReloadAsked);
}

const standingOf = ({ settings, kills }: Running, { engine }: Turn): Standing => ({
  headroom: engine.trend?.headroom,
  low: settings.inForce.plan.headroom.low,
  alarm: engine.alarm?.kind,
  kills,
});

async function watchMemory(running: Running, { isOnce }: DaemonOptions): Promise<string> {
  const { machine, journal, recording } = running;
  using requests = listenForRequests(machine);
  const parts = { machine: recording.machine, journal, plan: () => running.settings.inForce.plan };
  const tellsLooks = running.settings.inForce.journal.level === "debug";
  let isFirst = true;
  const watch = (done: Turn): void => {
    if (tellsLooks) tellLook(journal, machine, done);
    if (isFirst) sayReady(running, done);
    isFirst = false;
    attend(running, requests, done);
    journal.flush();
    running.residency.attend(done);
  };
  if (isOnce) {
    lookOnce(parts, watch);
    return "one look was asked for";
  }
  const { service, residency } = running;
  const latest = (): Milliseconds | undefined => earlier(service?.hungryAt, residency.wantsAt);
  await runLoop(parts, { isStopping: () => requests.stop() !== undefined, watch, latest });
  service?.stopping();
  return `${requests.stop()} asked to stop`;
}

const earlier = (one: Milliseconds | undefined, other: Milliseconds | undefined): Milliseconds | undefined =>
  one === undefined || other === undefined ? (one ?? other) : least(one, other);

/** One look, with those that it calls for at once: a closer one, and one at everybody where thousands were left out. */
function lookOnce(parts: LoopParts, watch: (done: Turn) => unknown): void {
  let state: LoopState = beginLoop(parts);
  for (let looks = 0; looks < mostAtOnce; looks += 1) {
    const done = turn(parts, state);
    watch(done);
    if (done.next.at > parts.machine.now()) return;
    state = done;
  }
}

/** The next one would be in an alarm that goes on. */
const mostAtOnce = 3;

async function watchOver(running: Running, options: DaemonOptions): Promise<DaemonEnding> {
  const { machine, journal, startedAt, recording } = running;
  sayHello(running, options.isDryRun);
  // A dry run is anybody's command: it needs no protection, and has no right to it.
  if (!options.isDryRun) protectDaemon(running.settings.inForce.protection, journal);
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
export async function runDaemon(
  { options, settings, census, startedAt: began }: Handover,
  { letter, crowded }: Lodging,
): Promise<DaemonEnding> {
  using machine = composeLinux({ isDryRun: options.isDryRun, census: adoptCensus(census) });
  const now = (): Milliseconds => machine.now();
  const startedAt = onOwnClock(began, now());
  const recording = await beginRecording(options, machine);
  if (recording instanceof CannotRecord) return { kind: "cannot-record", text: recording.message };
  const { format, level } = settings.journal;
  const { journalStream: stream, logFormat = format } = options;
  const journal = openJournal({ fd: stderr, format: logFormat, level, stream, now });
  using live = keepSettings(await bindSettings(settings), {
    journal,
    machine,
    choice: options.settings,
    letter,
    ask: (asked, noted) => askSettings(asked, { now, letter: noted }),
    note: (noted) => recording.note(noted),
  });
  using service = findServiceManager({
    environment: options.service,
    now,
    complain: (failure) => tellDegraded(journal, "word to the service manager", failure),
  });
  tellDegraded(journal, "a process of its own, which is smaller", crowded);
  const plan = (): Plan => live.inForce.plan;
  const locks = settings.protection.lock_memory;
  const means = { machine, journal, plan, locks, makeSacrifice, readMemory: readOwnMemory };
  using residency = options.isDryRun ? notResident : becomeResident(means);
  const running = { machine, journal, startedAt, settings: live, census, recording, service, residency, kills: 0 };
  try {
    return await watchOver(running, options);
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
