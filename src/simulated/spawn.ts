import { type Identity, isSameIdentity } from "#domain/identity.ts";
import {
  add,
  initPid,
  kib,
  kthreaddPid,
  least,
  type Milliseconds,
  mib,
  milliseconds,
  millisecondsToTicks,
  type Pid,
  pid,
  type StartTicks,
  startTicks,
} from "#domain/units.ts";
import { noteFuture } from "./agenda.ts";
import { bearChildren, openNursery } from "./children.ts";
import { freeOf, type Kernel } from "./kernel.ts";
import { enlist } from "./lists.ts";
import { enterMemcgs } from "./memcg.ts";
import { type Birth, isWorker, makeProcess, type SimulatedProcess } from "./process.ts";
import { type ProcessScript, type SettledScript, settleScript } from "./process-script.ts";
import { makeProgram, type Program, textRateOf } from "./programs.ts";
import { rouse } from "./roused.ts";

/** The machine had been up for so long when the scenario began. */
const uptimeAtStart = milliseconds(600_000);

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
  const at = kernel.now;
  bear(kernel, { identity: early(initPid), parent: undefined, script: init, at });
  for (const [name, thread, parent] of [
    ["kthreadd", kthreaddPid, undefined],
    ["kswapd0", pid(40), kthreaddPid],
  ] as const) {
    bear(kernel, { identity: early(thread), parent, script: settleScript({ name }), at, isKernelThread: true });
  }
  const supervisor = system({ name: "supervisor", anon: mib(8), exe: "/usr/bin/supervisor" });
  const self = system({ name: "tidemark", exe: "/usr/bin/node", ...killer });
  bear(kernel, { identity: early(supervisorPid), parent: initPid, script: supervisor, at });
  bear(kernel, { identity: kernel.self, parent: supervisorPid, script: self, at });
}

/** Identity of a process that is older than the scenario: it started in the tick of its pid, or last of all. */
export const early = (number: Pid): Identity => ({
  pid: number,
  startTicks: least(startTicks(number), ticksAt(milliseconds(0))),
});

/** Starts a process now. @throws RangeError when it refers to a process that is not there, or to a pid in use. */
export function spawn(kernel: Kernel, script: SettledScript): Identity {
  const number = choosePid(kernel, script.pid);
  const startedAt = ticksAt(kernel.now);
  // Who is there when the scenario begins has been there for long.
  const identity = kernel.now === 0 ? early(number) : { pid: number, startTicks: startedAt };
  const sharesWith = script.sharesMemoryWith === undefined ? undefined : find(kernel, script.sharesMemoryWith);
  const parent = script.parent === undefined ? initPid : find(kernel, script.parent).identity.pid;
  bear(kernel, { identity, parent, script, at: kernel.now, ...(sharesWith && { sharesWith }) });
  return identity;
}

/** The program a new process runs; undefined for one without text. Its file is read as it runs, unless somebody ran it before. */
function loadProgram({ programs, lru, scenario }: Kernel, script: SettledScript): Program | undefined {
  if (script.text === 0) return undefined;
  let program = programs.get(script.exe);
  if (program === undefined) {
    program = makeProgram(script, { isRead: script.startsAt === 0 && !scenario.isColdStart });
    programs.set(script.exe, program);
    enlist(lru, [program.text]);
  }
  program.text.touchesPerSecond = add(program.text.touchesPerSecond, textRateOf(script));
  return program;
}

/** Brings a process to life, with its place on all lists. */
function bear(kernel: Kernel, birth: Omit<Birth, "place">): SimulatedProcess {
  const { scenario, random, processes, byPid, workers, lru, events, interactive, now } = kernel;
  const program = birth.sharesWith?.mm.program ?? loadProgram(kernel, birth.script);
  const process = makeProcess({ ...birth, program, place: processes.length, isCold: scenario.isColdStart }, random);
  processes.push(process);
  byPid.set(birth.identity.pid, process);
  if (birth.parent !== undefined) byPid.get(birth.parent)?.children.add(process);
  if (isWorker(process)) workers.push(process);
  if (birth.sharesWith === undefined) enlist(lru, process.mm.sets);
  for (const user of process.mm.users) rouse(kernel, user);
  noteFuture(kernel.agenda, process);
  enterMemcgs(kernel.memcgs, process);
  openNursery(kernel, process);
  if (process.wakes !== undefined) interactive.push(process);
  events.push({ at: now, kind: "started", identity: birth.identity, comm: process.comm, isChild: process.isChild });
  return process;
}

/** The clock of start times. */
export const ticksAt = (now: Milliseconds): StartTicks => millisecondsToTicks(add(uptimeAtStart, now));

function choosePid(kernel: Kernel, wanted: Pid | undefined): Pid {
  const isTaken = (number: Pid) => kernel.byPid.has(number);
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
  bearChildren(kernel, ({ script, parent }) => {
    const identity = { pid: choosePid(kernel, undefined), startTicks: ticksAt(kernel.now) };
    return bear(kernel, { identity, parent: parent.identity.pid, script, at: kernel.now, isChild: true });
  });
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
  const { high } = kernel.marks;
  if (free > high) return;
  throw new RangeError(`Cannot begin with ${kib(free)} KiB free: it must be more than the high watermark, ${high} KiB`);
}

/** The process of that identity, if it is still there. */
export function findByIdentity({ byPid }: Kernel, identity: Identity): SimulatedProcess | undefined {
  const found = byPid.get(identity.pid);
  return found !== undefined && isSameIdentity(found.identity, identity) ? found : undefined;
}
