import type { Milliseconds } from "#domain/units.ts";
import {
  add,
  bytes,
  gib,
  kib,
  lessened,
  mib,
  microseconds,
  milliseconds,
  pages,
  pagesToKiB,
  subtract,
} from "#domain/units.ts";
import type { Scenario, SwapScript } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";
import { late } from "#test/vm/record.ts";
import type { GuestRun } from "./guest-run.ts";

/** As often as a guest's stage looks. */
const betweenSamples = milliseconds(50);
/** A guest goes on for so long after its victim's end. */
const aftermath = milliseconds(2000);
const pageSize = bytes(4096);

/** Plays a story on the simulated machine, with nobody but the kernel to watch, for as long as a guest would. */
export async function playAlone(scenario: Scenario, isOver: (victim: string) => boolean): Promise<GuestRun> {
  const machine = simulatedMachine(scenario);
  const samples: MemorySample[] = [sampleOf(machine)];
  let end = scenario.duration;
  while (machine.now() < end) {
    await machine.wait(add(machine.now(), betweenSamples));
    samples.push(sampleOf(machine));
    const last = killsOf(machine).find(({ comm }) => isOver(comm));
    if (last !== undefined) end = milliseconds(Math.min(end, last.at + aftermath));
  }
  return {
    kernel: "simulated",
    total: scenario.ram,
    samples,
    kills: killsOf(machine),
    waits: machine.interactivity().flatMap(({ slow }) => slow.filter(({ took }) => took > late)),
    lasted: machine.now(),
  };
}

const killsOf = ({ events }: SimulatedMachine): GuestRun["kills"] =>
  events.flatMap((event) => (event.kind === "kernel-oom-kill" ? [{ at: event.at, comm: event.comm }] : []));

function sampleOf(machine: SimulatedMachine): MemorySample {
  const at: Milliseconds = machine.now();
  const meminfo = machine.meminfo();
  const { pressure, vmstat } = machine.sense({ needs: ["pressure", "vmstat"], isPressing: false });
  const stalls = pressure?.kind === "known" ? pressure.value : undefined;
  const counters = vmstat?.kind === "known" ? vmstat.value : undefined;
  const refaults = (count: number | undefined) => pagesToKiB(pages(count ?? 0), pageSize);
  return {
    at,
    available: meminfo.available ?? kib(0),
    swapFree: meminfo.swapFree,
    anon: meminfo.anon ?? kib(0),
    free: meminfo.free,
    files: kib((meminfo.activeFile ?? 0) + (meminfo.inactiveFile ?? 0)),
    some: stalls?.some.total ?? microseconds(0),
    full: stalls?.full?.total ?? microseconds(0),
    fileRefaults: refaults(counters?.fileRefaults),
    anonRefaults: refaults(counters?.anonRefaults),
  };
}

/** What guests fill memory with. @see test/vm/guest/actor.pm: make_pattern */
const patternRatio = 2;

/** lzo-rle on such a processor, of such pages. */
const compressedPerSecond = mib(170);

/** Disks of guests are files of the host, in memory: nothing but the number of their transfers is held to a limit. */
const hostDisk = { perSecond: gib(1), latency: milliseconds(0.02) };

const likeGuestSwap = (swap: SwapScript): SwapScript =>
  swap.kind === "disk"
    ? { perSecond: hostDisk.perSecond, ...swap }
    : { perSecond: compressedPerSecond, ...swap, ratio: patternRatio };

/**
 * A scenario on a machine like the guests: one processor, as much memory, as much of it free and in files when the story begins.
 * What happens from there on is the model's.
 */
export function likeGuest(scenario: Scenario, { total, samples: [first] }: GuestRun): Scenario {
  if (first === undefined) throw new Error("Cannot play: the guest did not say what was free");
  const guest: Scenario = {
    ...scenario,
    ram: total,
    cpus: 1,
    diskPerSecond: scenario.diskPerSecond ?? hostDisk.perSecond,
    diskLatency: scenario.diskLatency ?? hostDisk.latency,
    swaps: (scenario.swaps ?? []).map(likeGuestSwap),
    // Who is interactive goes through all of its memory there, not only through what is hot.
    processes: scenario.processes.map(({ hot, ...script }) =>
      script.isInteractive === true || hot === undefined ? script : { ...script, hot },
    ),
    killer: { anon: kib(0), lookTakes: milliseconds(0), actTakes: milliseconds(0) },
    kernelMemory: kib(0),
  };
  const began = simulatedMachine(guest).meminfo();
  const files = subtract(first.files, kib((began.activeFile ?? 0) + (began.inactiveFile ?? 0)));
  const fileCache = lessened(files, kib(0));
  return { ...guest, fileCache, kernelMemory: lessened(lessened(began.free, fileCache), first.free) };
}
