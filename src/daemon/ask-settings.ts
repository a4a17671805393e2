import { join } from "node:path";
import { add, atLeast, type Milliseconds, type Pid, seconds } from "#domain/units.ts";
import { closeFd, type Fd, inheritedFd } from "#native-bindings/file.ts";
import { killByPid } from "#native-bindings/kill.ts";
import { makeMemoryFile } from "#native-bindings/memory-file.ts";
import { type ChildEnding, startProgram, takeEnding } from "#native-bindings/start-program.ts";
import { type AskedSettings, readMessage, type SettingsAnswer } from "./handover.ts";
import { packageRoot } from "./package-root.ts";

/** What a helper came to: its letter, which is the asker's to close, or why there is none. */
export type Answered =
  | { readonly kind: "answer"; readonly answer: SettingsAnswer; readonly letter: Fd }
  | { readonly kind: "none"; readonly why: string };

/** A process that reads settings, while we go on looking at memory. */
export interface SettingsReader extends Disposable {
  /** Undefined: it is still at it. */
  take(): Answered | undefined;
}

/** What the reader of settings needs of its surroundings. */
export interface ReaderMeans {
  readonly now: () => Milliseconds;
  /** Settings as they were written, for those who make the same plan again. */
  readonly letter: Fd;
}

/** Longer than this nobody reads settings, not even on a disk that thrashes. */
const patience = seconds(30);
const [stdin, stdout, stderr] = [inheritedFd(0), inheritedFd(1), inheritedFd(2)];

/** Starts a process that reads settings. @throws SystemError */
export function askSettings(asked: AskedSettings, { now, letter }: ReaderMeans): SettingsReader {
  const answerFd = makeMemoryFile("tidemark-settings", "text");
  const startedAt = now();
  const child = startReader(asked, [stdin, stdout, stderr, letter, answerFd]);
  let answered: Answered | undefined;

  const conclude = (ending: ChildEnding): Answered => {
    if (ending.kind === "exited" && ending.status === 0)
      return { kind: "answer", answer: readMessage<SettingsAnswer>(answerFd), letter: answerFd };
    closeFd(answerFd);
    return { kind: "none", why: `the process that reads them ${describe(ending)}` };
  };

  return {
    take() {
      if (answered !== undefined) return answered;
      const ending = takeEnding(child);
      if (ending !== undefined) answered = conclude(ending);
      // Its ending is taken at the next turn.
      else if (atLeast(now(), add(startedAt, patience))) killByPid(child, "SIGKILL");
      return answered;
    },
    [Symbol.dispose]() {
      if (answered !== undefined) return;
      killByPid(child, "SIGKILL");
      closeFd(answerFd);
    },
  };
}

const describe = (ending: ChildEnding): string =>
  ending.kind === "exited" ? `ended with status ${ending.status}` : `was ended by signal ${ending.signal}`;

function startReader(asked: AskedSettings, descriptors: readonly [Fd, Fd, Fd, letter: Fd, answer: Fd]): Pid {
  const program = join(packageRoot(), "dist", "src", "cli", "settings-main.js");
  const words = ["tidemark-settings", program, JSON.stringify(asked)];
  try {
    return startProgram({ path: process.execPath, words, environment: {}, descriptors });
  } catch (error) {
    closeFd(descriptors[4]);
    throw error;
  }
}
