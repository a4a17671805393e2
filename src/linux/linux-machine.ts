import { isAboutGivers } from "#domain/giver.ts";
import type { ProcessTable } from "#domain/process.ts";
import { known, type Reading, type Snapshot } from "#domain/snapshot.ts";
import {
  add,
  type Bytes,
  below,
  greatest,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  millisecondsToTicks,
  scale,
  subtract,
} from "#domain/units.ts";
import type { Look, Machine } from "#machine/machine.ts";
import { boottimeNow } from "#native-bindings/boottime.ts";
import { pageSize as ownPageSize } from "#native-bindings/page-size.ts";
import type { Actor } from "./act.ts";
import { makeCensus } from "./census.ts";
import { monotonicNow, sharedNow } from "./clock.ts";
import { rssCounterOf, rssSlackOf } from "./counted-rss.ts";
import { makeDescriptorReserve } from "./descriptor-reserve.ts";
import { withKillCounts } from "./kill-counts.ts";
import { type Means, recordedMeans, takeLiveMeans } from "./means.ts";
import type { CensusSource } from "./open-census.ts";
import { hasTellingScores } from "./passed-over.ts";
import { makePatientReader, type PatientReader } from "./patient-reader.ts";
import { probeVisible } from "./probe.ts";
import { mostOfCmdline } from "./process-files.ts";
import { makeProcessTableReader, type TableLook } from "./process-table.ts";
import { makeQuietWatch } from "./quiet-watch.ts";
import { makeSensors } from "./sensors.ts";
import { makeWaiter } from "./waiter.ts";
import { type MemcgSensor, makeMemcgSensor } from "./watched-memcgs.ts";

/** Which machine: this one, or a recorded tree. */
export interface LinuxMachineOptions {
  /** Where `/proc` is looked for. Below any other than `/`, the default, there is a recorded tree: nothing can be done to it. */
  readonly root?: string;
  /** Of the machine that was recorded, when it is another than this one. */
  readonly pageSize?: Bytes;
  /** Ours from now on. Absent: processes are known by their files only. */
  readonly census?: CensusSource | undefined;
}

const liveRoot = "/";

/** Nothing happens in so little time. */
const aMoment = milliseconds(5);

/** Of a wait, this is spent on the process table at the most, as long as not everybody in it is known: a look is never late for it. */
const acquaintingShare = 1 / 2;
/** The same once everybody is. */
const refreshingShare = 1 / 10;
/** In less than this, nothing is done. */
const leastSlice = milliseconds(1);

/** When a slice of work ends that begins now, in a wait that ends at `until`. */
function sliceEnd(now: Milliseconds, until: Milliseconds, isEverybodyKnown: boolean): Milliseconds {
  const left = lessened(until, now);
  const most = scale(left, acquaintingShare);
  return add(now, isEverybodyKnown ? least(most, greatest(scale(left, refreshingShare), leastSlice)) : most);
}

/** The real machine, or a recording of its files. */
export function linuxMachine(options: LinuxMachineOptions = {}): Machine {
  const { root = liveRoot, pageSize = ownPageSize(), census } = options;
  const prefix = root === liveRoot ? "" : root;
  const sensors = makeSensors({ root: prefix, pageSize });
  const reserve = makeDescriptorReserve();
  const memcgs = makeMemcgSensor(prefix, reserve);
  const visible = probeVisible({ root: prefix, sensors, pageSize });
  const patient = root === liveRoot ? makePatientReader({ most: mostOfCmdline }) : undefined;
  const table = makeProcessTableReader({
    root: prefix,
    countRss: rssCounterOf(visible.kernelRelease, pageSize),
    patient,
    reserve,
    ...(hasTellingScores(visible.kernelRelease) && { weighing: { pageSize } }),
    census: census && makeCensus(census.link, rssSlackOf(visible.kernelRelease, pageSize, census.processors)),
  });
  let lastLook: TableLook = { isPressing: false };
  const means: Means = root === liveRoot ? takeLiveMeans(visible.kernelRelease, reserve) : recordedMeans(root);
  const quietWatch = makeQuietWatch(prefix, { now: monotonicNow, monotonic: sharedNow });
  const waiter = makeWaiter({ now: monotonicNow, trigger: means.trigger, quietWatch });
  const watch = (): void => waiter.watchVictims(actor.victims());
  const givers = means.makeGivers(() => waiter.tell("giver"));
  const bareActor = means.makeActor(() => {
    // The reaping may have found more who share the memory.
    watch();
    waiter.tell("victim");
  }, givers.sendTo);
  const actor: Actor = withKillCounts(bareActor, memcgs.folderOf);

  /** After a quiet wait: a look when that was quiet to its end, else the last of it, and what ended it at the next look. */
  const senseAfter = (last: Snapshot, look: Look): Snapshot => {
    if (below(subtract(monotonicNow(), last.takenAt), aMoment)) return { ...sense(look), hasBeenQuiet: true };
    waiter.tell("called");
    return last;
  };

  const sense = (look: Look): Snapshot => {
    const { needs } = look;
    lastLook = look;
    const takenAt = monotonicNow();
    const sleptFor = means.sleptFor();
    // Victims before memory: whose exit is told here has given back what it will, and the figures below show it.
    const victims = actor.report(takenAt);
    waiter.forgetVictims();
    const snapshot: Snapshot = {
      takenAt,
      victims,
      ...givers.report(),
      ...(sleptFor !== undefined && { sleptFor }),
      ...(needs.includes("meminfo") && { meminfo: sensors.meminfo.read() }),
      ...(needs.includes("pressure") && { pressure: sensors.pressure.read() }),
      ...(needs.includes("ioPressure") && { ioPressure: sensors.ioPressure.read() }),
      ...(needs.includes("vmstat") && { vmstat: sensors.vmstat.read() }),
      ...(needs.includes("zoneinfo") && { zoneinfo: sensors.zoneinfo.read() }),
      ...(needs.includes("swaps") && { swaps: sensors.swaps.read() }),
      ...(needs.includes("arc") && { arc: sensors.arc.read() }),
      ...(needs.includes("overcommit") && { overcommit: sensors.overcommit.read() }),
      ...senseMemcgs(memcgs, look),
      ...(needs.includes("processes") && { processes: stampTable(table.read(look), root) }),
    };
    // After the table, whose reads these are.
    return withNews(snapshot, patient);
  };

  return {
    capabilities: { ...visible, ...means.capabilities },
    now: monotonicNow,
    sense(look) {
      const last = quietWatch.takeLast();
      return last === undefined ? sense(look) : senseAfter(last, look);
    },
    act(decision) {
      if (isAboutGivers(decision)) return givers.act(decision);
      const outcome = actor.act(decision);
      watch();
      return outcome;
    },
    wait(until, quiet) {
      const end = sliceEnd(monotonicNow(), until, table.isEverybodyKnown());
      if (lastLook.keepsTable) table.keepCurrent(end, lastLook);
      return waiter.wait(until, quiet);
    },
    wake: () => waiter.tell("called"),
    [Symbol.dispose]() {
      givers[Symbol.dispose]();
      actor[Symbol.dispose]();
      waiter[Symbol.dispose]();
      table[Symbol.dispose]();
      patient?.[Symbol.dispose]();
      sensors[Symbol.dispose]();
      reserve[Symbol.dispose]();
    },
  };
}

function senseMemcgs(memcgs: MemcgSensor, { needs, isPressing, watch: patterns = [], descend = [] }: Look) {
  return {
    ...(needs.includes("memcgs") && { memcgs: memcgs.read(patterns) }),
    ...(needs.includes("membership") && { membership: memcgs.readMembership({ patterns, isPressing }) }),
    ...(needs.includes("branches") && { branches: memcgs.readBranches(descend) }),
  };
}

function withNews(snapshot: Snapshot, patient: PatientReader | undefined): Snapshot {
  const hung = patient?.takeNews() ?? [];
  return hung.length === 0 ? snapshot : { ...snapshot, hung };
}

/** Says when a table was read. The clock of a recorded tree has not been recorded. */
function stampTable(reading: Reading<ProcessTable>, root: string): Reading<ProcessTable> {
  if (reading.kind !== "known" || root !== liveRoot) return reading;
  return known({ ...reading.value, readAt: millisecondsToTicks(boottimeNow()) });
}
