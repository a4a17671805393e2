import type { ChildProcess } from "node:child_process";
import type { GiverEnding, GiverOutput } from "#domain/giver.ts";
import { SystemError } from "#domain/system-error.ts";
import { kib, kibToBytes, type Milliseconds, milliseconds, type Pid, pid } from "#domain/units.ts";
import { adviceFor } from "#native-bindings/errno-advice.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";
import { killGroupByPid } from "#native-bindings/kill.ts";
import { openPidfd, sendSignalToGroup } from "#native-bindings/pidfd.ts";
import { makePipe, type Pipe, readPipe } from "#native-bindings/pipe.ts";
import { pollNow } from "#native-bindings/poll.ts";
import { writeIfRoom } from "#native-bindings/write-if-room.ts";
import { failureOf, ignore } from "./failure.ts";
import type { GiverWork } from "./giver-work.ts";
import { ownPidfd, type SharedPidfd } from "./shared-pidfd.ts";
import { startProcess } from "./start-process.ts";
import { unprotect } from "./unprotect.ts";

/**
 * A process that waits to be told to do its work. Started in calm: starting one from here takes as long as the kernel needs
 * to find its program on a disk that may thrash, and this thread waits for it (libuv, uv_spawn).
 */
export interface GiverStage extends Disposable {
  /** Undefined: still there. */
  ending(): { readonly at: Milliseconds; readonly ending: GiverEnding } | undefined;
  /** Sets it going; false when it cannot be told. Takes no time. */
  tell(line: string): boolean;
  /** What it wrote until now; what is read once is not told again. */
  takeOutput(): GiverOutput;
  /** SIGKILL to it and to all it started. Waits for nobody. */
  stop(): void;
}

/** What a stage needs of its surroundings. */
export interface StageMeans {
  readonly now: () => Milliseconds;
  /** A stage has ended. */
  readonly tell: () => void;
}

const shell = "/bin/sh";
const environment = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

/** Starts a process that waits. @throws SystemError */
export function makeStage(work: GiverWork, { now, tell }: StageMeans): GiverStage {
  const control = makePipe();
  const output = makePipe();
  const child = start(work, { control, output });
  closeFd(control.readEnd);
  closeFd(output.writeEnd);
  const leader = child.pid === undefined ? undefined : pid(child.pid);
  if (leader === undefined) {
    closeFd(control.writeEnd);
    closeFd(output.readEnd);
    throw new SystemError({ call: "spawn", errno: "EAGAIN", subject: shell, advice: adviceFor("spawn", "EAGAIN") });
  }
  // Not waited for yet, so the pid is its own.
  const pidfd = pidfdOf(leader);
  let ended: ReturnType<GiverStage["ending"]>;
  let isDisposed = false;
  // Before it is anybody's: a user may trace his own processes, and would have one that the kernel never kills.
  if (work.isForeign) unprotect(leader);
  child.unref();
  child.on("exit", (code, signal) => {
    ended = { at: now(), ending: code === null ? { kind: "signalled", signal: String(signal) } : exited(code) };
    if (!isDisposed) tell();
  });

  const stop = (): void => {
    try {
      stopGroup({ leader, pidfd, isReaped: ended !== undefined });
    } catch (error) {
      ignore(error, "it is left to itself; nobody waits for it");
    }
  };

  return {
    ending: () => ended,
    tell(line) {
      if (ended !== undefined) return false;
      const content = new TextEncoder().encode(`${line}\n`);
      return writeIfRoom(control.writeEnd, content, milliseconds(0)) === content.length;
    },
    takeOutput: () => readOutput(output.readEnd),
    stop,
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      if (ended === undefined) stop();
      closeFd(control.writeEnd);
      closeFd(output.readEnd);
      pidfd?.[Symbol.dispose]();
    },
  };
}

const exited = (status: number): GiverEnding => ({ kind: "exited", status });

/** In a session and a process group of its own, with nothing of ours but its end of the pipes. */
function start({ script, words, user }: GiverWork, { control, output }: { control: Pipe; output: Pipe }): ChildProcess {
  try {
    const child = startProcess(shell, ["-c", script, "tidemark-giver", ...words], {
      stdio: ["ignore", output.writeEnd, output.writeEnd, control.readEnd],
      env: environment,
      cwd: "/",
      detached: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    // Told by the missing pid already.
    child.on("error", () => undefined);
    return child;
  } catch (error) {
    for (const fd of [control.readEnd, control.writeEnd, output.readEnd, output.writeEnd]) closeFd(fd);
    throw new SystemError(failureOf(error, shell));
  }
}

function pidfdOf(leader: Pid): SharedPidfd | undefined {
  try {
    const pidfd = openPidfd(leader);
    return pidfd && ownPidfd(pidfd);
  } catch (error) {
    return ignore(error, "it is signalled by its pid, which it has until it is waited for");
  }
}

interface Group {
  readonly leader: Pid;
  readonly pidfd: SharedPidfd | undefined;
  readonly isReaped: boolean;
}

function stopGroup({ leader, pidfd, isReaped }: Group): void {
  try {
    if (pidfd !== undefined) {
      sendSignalToGroup(pidfd.pidfd, "SIGKILL");
      return;
    }
  } catch (error) {
    ignore(error, "kernels before 6.9 know no signal for the group of a descriptor");
  }
  if (!isReaped) killGroupByPid(leader, "SIGKILL");
}

const keptBytes = 256;
const readAtOnce = kibToBytes(kib(4));
/** pipe(7): more than this no pipe holds unless somebody asks for it. */
const mostReads = 16;

/** What a pipe holds, without waiting for more. */
function readOutput(fd: Fd): GiverOutput {
  const buffer = new Uint8Array(readAtOnce);
  let bytes = 0;
  let beginning = "";
  for (let reads = 0; reads < mostReads && pollNow([{ fd, until: "readable" }])[0] === "ready"; reads += 1) {
    const size = readPipe(fd, buffer);
    if (size === 0) break;
    if (bytes === 0) beginning = new TextDecoder().decode(buffer.subarray(0, Math.min(size, keptBytes))).trim();
    bytes += size;
  }
  return { beginning, bytes };
}
