import type { Pid } from "#domain/units.ts";
import { closeFd, openFile } from "#native-bindings/file.ts";
import { killByPid } from "#native-bindings/kill.ts";
import { startProgram, takeEnding } from "#native-bindings/start-program.ts";
import { unprotect } from "./unprotect.ts";

/** A process of ours that is there to be killed. */
export interface Sacrifice extends Disposable {
  readonly pid: Pid;
  /** Whether SIGKILL has ended it; from then on its pid may be another's. */
  hasDied(): boolean;
}

const sigkill = 9;

/** Starts a shell that stops itself: it takes no time of a processor, and cannot end by anything but SIGKILL. @throws SystemError */
export function makeSacrifice(): Sacrifice {
  const nothing = openFile("/dev/null", "readWrite");
  try {
    const words = ["tidemark-rehearsal", "-c", "kill -STOP $$"];
    const pid = startProgram({ path: "/bin/sh", words, environment: {}, descriptors: [nothing, nothing, nothing] });
    // It has our oom_score_adj, and nobody is killed who is exempt.
    unprotect(pid);
    return follow(pid);
  } finally {
    closeFd(nothing);
  }
}

function follow(pid: Pid): Sacrifice {
  let ending: ReturnType<typeof takeEnding>;
  const look = (): typeof ending => {
    ending ??= takeEnding(pid);
    return ending;
  };
  return {
    pid,
    hasDied: () => look()?.kind === "signalled" && ending?.kind === "signalled" && ending.signal === sigkill,
    [Symbol.dispose]() {
      if (look() === undefined) killByPid(pid, "SIGKILL");
      // A zombie until then: it is ours alone to wait for.
      while (look() === undefined);
    },
  };
}
