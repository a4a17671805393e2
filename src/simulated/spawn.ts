import { type Identity, isSameIdentity } from "#domain/identity.ts";
import {
  add,
  initPid,
  kib,
  kthreaddPid,
  type Milliseconds,
  mib,
  milliseconds,
  type Pid,
  pid,
  startTicks,
} from "#domain/units.ts";
import { freeOf, type Kernel, watermarksOf } from "./kernel.ts";
import { makeProcess, type SimulatedProcess } from "./process.ts";
import { type ProcessScript, type SettledScript, settleScript } from "./process-script.ts";

/** The machine had been up for so long when the scenario began. */
const uptimeAtStart = milliseconds(60_000);
const millisecondsPerTick = 10;

/** Who is there before the scenario's own processes are. */
const supervisorPid = pid(300);
/** The simulated tidemark. */
export const selfPid = pid(301);
/** Where the pids of the scenario begin. */
export const firstPid = pid(1000);

/** Starts what every machine has: init, the kernel's own, and tidemark with who started it. */
export function startSystem(kernel: Kernel): void {
  const { killer } = kernel.scenario;
  const system = (script: ProcessScript) => settleScript(script);
  const init = system({ name: "init", anon: mib(4), exe: "/usr/lib/systemd/systemd" });
  enter(kernel, makeProcess({ identity: early(initPid), parent: undefined, script: init }, kernel.random));
  for (const [name, thread, parent] of [
    ["kthreadd", kthreaddPid, undefined],
    ["kswapd0", pid(40), kthreaddPid],
  ] as const) {
    const birth = { identity: early(thread), parent, script: settleScript({ name }), isKernelThread: true };
    enter(kernel, makeProcess(birth, kernel.random));
  }
  const supervisor = system({ name: "supervisor", anon: mib(8), exe: "/usr/bin/supervisor" });
  const self = system({ name: "tidemark", exe: "/usr/bin/node", ...killer });
  enter(kernel, makeProcess({ identity: early(supervisorPid), parent: initPid, script: supervisor }, kernel.random));
  enter(kernel, makeProcess({ identity: kernel.self, parent: supervisorPid, script: self }, kernel.random));
}

/** Identity of a process that is older than the scenario: it started in the tick of its pid. */
export const early = (number: Pid): Identity => ({ pid: number, startTicks: startTicks(number) });

/** Starts a process now. @throws RangeError when it refers to a process that is not there, or to a pid in use. */
export function spawn(kernel: Kernel, script: SettledScript): Identity {
  const identity = { pid: choosePid(kernel, script.pid), startTicks: ticksAt(kernel.now) };
  const sharesWith = script.sharesMemoryWith === undefined ? undefined : find(kernel, script.sharesMemoryWith);
  const parent = script.parent === undefined ? initPid : find(kernel, script.parent).identity.pid;
  const birth = { identity, parent, script, ...(sharesWith && { sharesWith }) };
  enter(kernel, makeProcess(birth, kernel.random));
  return identity;
}

function enter(kernel: Kernel, process: SimulatedProcess): void {
  kernel.processes.push(process);
  const { identity, comm } = process;
  kernel.events.push({ at: kernel.now, kind: "started", identity, comm });
}

const ticksAt = (now: Milliseconds) => startTicks(Math.floor(add(uptimeAtStart, now) / millisecondsPerTick));

function choosePid(kernel: Kernel, wanted: Pid | undefined): Pid {
  const isTaken = (number: Pid) => kernel.processes.some(({ identity }) => identity.pid === number);
  if (wanted !== undefined) {
    if (isTaken(wanted)) throw new RangeError(`Cannot start a process with pid ${wanted}: it is in use`);
    return wanted;
  }
  while (isTaken(kernel.nextPid)) kernel.nextPid = pid(kernel.nextPid + 1);
  const chosen = kernel.nextPid;
  kernel.nextPid = pid(chosen + 1);
  return chosen;
}

function find(kernel: Kernel, name: string): SimulatedProcess {
  const found = kernel.processes.find(({ script }) => script.name === name);
  if (found === undefined) throw new RangeError(`Cannot refer to process "${name}": it is not running`);
  return found;
}

/** Starts those whose time has come. Who was to come of a process that has gone is never born. */
export function startDue(kernel: Kernel): void {
  for (let next = kernel.upcoming[0]; next !== undefined && next.startsAt <= kernel.now; next = kernel.upcoming[0]) {
    kernel.upcoming.shift();
    if (referencesOf(next).every((name) => kernel.processes.some(({ script }) => script.name === name))) {
      spawn(kernel, next);
    }
  }
}

const referencesOf = ({ parent, sharesMemoryWith }: ProcessScript): readonly string[] =>
  [parent, sharesMemoryWith].filter((name) => name !== undefined);

/** @throws RangeError when a process refers to a name that no process before it has. */
export function checkReferences(scripts: readonly ProcessScript[]): void {
  const names = new Set<string>(["init"]);
  for (const script of scripts) {
    const missing = referencesOf(script).find((name) => !names.has(name));
    if (missing !== undefined) {
      throw new RangeError(`Cannot start process "${script.name}": there is no process "${missing}" before it`);
    }
    names.add(script.name);
  }
}

/** @throws RangeError when what is there from the beginning leaves less free than the kernel's `high` watermark. */
export function checkFit(kernel: Kernel): void {
  const free = freeOf(kernel);
  const { high } = watermarksOf(kernel.scenario);
  if (free > high) return;
  throw new RangeError(`Cannot begin with ${kib(free)} KiB free: it must be more than the high watermark, ${high} KiB`);
}

/** The process of that identity, if it is still there. */
export const findByIdentity = ({ processes }: Kernel, identity: Identity): SimulatedProcess | undefined =>
  processes.find((process) => isSameIdentity(process.identity, identity));
