import { isAboutGivers } from "#domain/giver.ts";
import type { Identity } from "#domain/identity.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, type KiB, kib, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import type { Machine, Waker } from "#machine/machine.ts";
import { refuseGivers } from "#machine/without-givers.ts";
import { act } from "./act.ts";
import { advance, settle } from "./advance.ts";
import { makeDisks } from "./disks.ts";
import { signal } from "./exit.ts";
import { readFacts } from "./facts.ts";
import { anonOf } from "./holdings.ts";
import type { Kernel } from "./kernel.ts";
import { makeLruvec } from "./lists.ts";
import type { MachineEvent } from "./machine-event.ts";
import { makeMemcgs } from "./memcg.ts";
import { meminfoOf } from "./memory-facts.ts";
import type { SimulatedProcess } from "./process.ts";
import { type ProcessScript, settleScript } from "./process-script.ts";
import { startPsi } from "./psi.ts";
import { seededRandom } from "./random.ts";
import { startReclaim } from "./reclaim-state.ts";
import { type Scenario, type SettledScenario, settleScenario } from "./scenario.ts";
import { checkFit, checkReferences, early, findByIdentity, firstPid, selfPid, spawn, startSystem } from "./spawn.ts";
import { swapDevices } from "./swap-device.ts";
import { followVictims, noVictims, reportOf } from "./victims.ts";
import { type Interactivity, interactivityOf } from "./wakes.ts";
import { watermarksOf, zonesOf } from "./watermarks.ts";
import { emptySet } from "./working-set.ts";

/** A machine, and a window into it for whoever tells its story. Looking through the window takes no time. */
export interface SimulatedMachine extends Machine {
  /** All that has happened, in order. */
  readonly events: readonly MachineEvent[];
  /** Memory as it is now. */
  meminfo(): Meminfo;
  /** How the wakes of those somebody sits before went until now, the dead included. */
  interactivity(): readonly Interactivity[];
  /** Still there, be it on its way out. */
  isAlive(identity: Identity): boolean;
  /** The anonymous memory it holds, but for what is in swap. Undefined: it has gone. */
  anonOf(identity: Identity): KiB | undefined;
  /** The first process of that name that is there. */
  find(name: string): Identity | undefined;
  /** Starts one more process, now. @throws RangeError when it refers to nobody, or to a pid in use */
  start(script: ProcessScript): Identity;
  /** Sends SIGKILL by other hands than tidemark's. */
  kill(identity: Identity): void;
}

/** A machine in memory: virtual time that passes in `wait`, and nothing random but by its seed. @throws RangeError when the scenario contradicts itself. */
export function simulatedMachine(scenario: Scenario): SimulatedMachine {
  const kernel = boot(scenario);
  const victims = noVictims();
  let isCalled = false;
  const capabilities = capabilitiesOf(kernel.scenario);
  const hasPressureNews = () => capabilities.hasPressureTriggers && kernel.psi.hasFired;
  const isNews = () => followVictims(kernel, victims) || hasPressureNews();
  const pass = (span: Milliseconds) =>
    advance(kernel, add(kernel.now, span), () => {
      followVictims(kernel, victims);
      return false;
    });

  function wakerNow(): Waker | undefined {
    if (isCalled) {
      isCalled = false;
      return "called";
    }
    if (followVictims(kernel, victims)) return "victim";
    if (!hasPressureNews()) return undefined;
    kernel.psi.hasFired = false;
    return "pressure";
  }

  return {
    capabilities,
    now: () => kernel.now,
    sense(look) {
      followVictims(kernel, victims);
      victims.hasNews = false;
      const reports = [...victims.records.values()].map(reportOf);
      const snapshot = { takenAt: kernel.now, victims: reports, ...readFacts(kernel, look) };
      pass(kernel.scenario.killer.lookTakes);
      return snapshot;
    },
    act(decision) {
      if (isAboutGivers(decision)) return refuseGivers(decision, nobodyToAsk);
      const outcome = act(kernel, victims, decision);
      pass(kernel.scenario.killer.actTakes);
      return outcome;
    },
    async wait(until) {
      // A wake() that follows in the same turn still ends this wait.
      await undefined;
      const waker = wakerNow();
      if (waker !== undefined) return waker;
      advance(kernel, until, isNews);
      return wakerNow() ?? "due";
    },
    wake() {
      isCalled = true;
    },
    [Symbol.dispose]() {
      victims.records.clear();
    },
    events: kernel.events,
    meminfo: () => meminfoOf(kernel),
    interactivity: () => kernel.interactive.flatMap((process) => waitsOf(kernel, process)),
    anonOf: (identity) => {
      const found = findByIdentity(kernel, identity);
      return found && anonOf(found.mm);
    },
    isAlive: (identity) => findByIdentity(kernel, identity) !== undefined,
    find: (name) => kernel.processes.find(({ script }) => script.name === name)?.identity,
    start: (script) => spawn(kernel, settleScript({ ...script, startsAt: kernel.now })),
    kill(identity) {
      const found = findByIdentity(kernel, identity);
      if (found !== undefined) signal(kernel, found, { signal: "SIGKILL", by: "somebody" });
    },
  };
}

function boot(scenario: Scenario): Kernel {
  const settled = settleScenario(scenario);
  checkReferences(settled.processes);
  const zones = zonesOf(settled.ram, settled.minFree, settled.pageSize);
  const cache = { ...emptySet("file"), inactive: settled.fileCache };
  const tmpfs = { ...emptySet("shmem"), inactive: settled.tmpfs };
  const kernel: Kernel = {
    scenario: settled,
    random: seededRandom(settled.seed),
    events: [],
    processes: [],
    byPid: new Map(),
    roused: [],
    workers: [],
    agenda: [],
    upcoming: settled.processes
      .flatMap(copiesOf)
      .map(settleScript)
      .sort((a, b) => a.startsAt - b.startsAt),
    zones,
    marks: watermarksOf(zones),
    nurseries: [],
    suspends: [...settled.suspends].sort((a, b) => a.at - b.at),
    memcgs: makeMemcgs(settled.cgroups),
    reclaim: startReclaim(),
    disks: makeDisks(settled),
    swaps: swapDevices(settled.swaps),
    lru: makeLruvec([tmpfs, cache]),
    programs: new Map(),
    interactive: [],
    cache,
    tmpfs,
    zswapped: kib(0),
    arc: settled.zfsArc?.size ?? kib(0),
    counters: {
      swappedIn: kib(0),
      swappedOut: kib(0),
      scannedByKswapd: kib(0),
      scannedDirectly: kib(0),
      stolenByKswapd: kib(0),
      stolenDirectly: kib(0),
      fileRefaulted: kib(0),
      anonRefaulted: kib(0),
      majorFaults: 0,
      allocationStalls: 0,
      oomKills: 0,
    },
    psi: startPsi(),
    ioPsi: startPsi(),
    self: early(selfPid),
    now: milliseconds(0),
    nextPid: firstPid,
    isKswapdAwake: false,
    kernelVictim: undefined,
    hasPanicked: false,
  };
  startSystem(kernel);
  settle(kernel);
  checkFit(kernel);
  return kernel;
}

const nobodyToAsk = {
  call: "ask",
  errno: "ENOENT",
  subject: "the simulated machine",
  advice: "Give it givers (withGivers)",
};
const waitsOf = ({ now }: Kernel, { script, wakes, isDying }: SimulatedProcess): readonly Interactivity[] =>
  wakes === undefined ? [] : [interactivityOf(script.name, wakes, { now, isDying })];

const copiesOf = (script: ProcessScript): readonly ProcessScript[] =>
  Array.from({ length: script.copies ?? 1 }, () => script);

const capabilitiesOf = ({ pageSize, lacks }: SettledScenario): Capabilities => ({
  kernelRelease: "simulated",
  architecture: "simulated",
  pageSize,
  isRoot: true,
  canSignalOthers: true,
  canSeeOthers: true,
  canLowerOomScoreAdj: true,
  hasMemAvailable: !lacks.includes("mem-available"),
  hasPressure: !lacks.includes("pressure"),
  hasPressureTriggers: !lacks.includes("pressure") && !lacks.includes("pressure-triggers"),
  hasPidfd: true,
  hasProcessMrelease: !lacks.includes("process-mrelease"),
  canReapAtOnce: !lacks.includes("process-mrelease"),
  canReadPrograms: true,
  canCompareMemory: true,
  oomSysctls: { panicOnOom: "never", killsAllocatingTask: false, dumpsTasks: true },
});
