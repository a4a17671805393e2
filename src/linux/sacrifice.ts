import { oomScoreAdjMax, type Pid } from "#domain/units.ts";
import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import { sharesMemory } from "#native-bindings/kcmp.ts";
import { killByPid } from "#native-bindings/kill.ts";
import { makePipe } from "#native-bindings/pipe.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { type ChildEnding, startProgram, takeEnding } from "#native-bindings/start-program.ts";
import { ignore } from "./failure.ts";
import { unprotect } from "./unprotect.ts";

/** A process of ours that is there to be killed. Giving it up kills it; its ending is to be taken all the same. */
export interface Sacrifice extends Disposable {
  readonly pid: Pid;
  /**
   * Whether it lives in memory of its own. The kernel lets us go on a moment before it does, and until then it uses ours: who kills it
   * would have to kill us. @see fs/exec.c: exec_mmap
   */
  hasOwnMemory(): boolean;
  /** Whether it is gone; from then on its pid may be another's. Nobody is waited for. */
  hasEnded(): boolean;
  /** Whether it was SIGKILL that ended it. */
  hasDied(): boolean;
}

const sigkill = 9;

/** Starts a shell that reads what nobody writes: it takes no time of a processor, and ends with us, if not before. @throws SystemError */
export function makeSacrifice(): Sacrifice {
  const silence = makePipe();
  const nothing = openFile("/dev/null", "readWrite");
  try {
    // By its first word busybox knows what it is to be: by any other it would be nothing, and gone. The last one is for `ps`.
    const words = ["sh", "-c", "read -r _", "tidemark-rehearsal"];
    const descriptors = [silence.readEnd, nothing, nothing] as const;
    const pid = startProgram({ path: "/bin/sh", words, environment: {}, descriptors });
    // It has our oom_score_adj, and nobody is killed who is exempt; the highest, so that it is read first among thousands.
    unprotect(pid, oomScoreAdjMax);
    return follow(pid, silence.writeEnd);
  } catch (error) {
    closeFd(silence.writeEnd);
    throw error;
  } finally {
    closeFd(silence.readEnd);
    closeFd(nothing);
  }
}

/** `silence` is kept for as long as the child is to live: when it closes, with us if need be, the child comes to its end. */
function follow(pid: Pid, silence: Fd): Sacrifice {
  let ending: ChildEnding | undefined;
  const look = (): ChildEnding | undefined => {
    ending ??= takeEnding(pid);
    return ending;
  };
  return {
    pid,
    hasOwnMemory: () => !usesOurs(pid),
    hasEnded: () => look() !== undefined,
    hasDied() {
      const how = look();
      return how?.kind === "signalled" && how.signal === sigkill;
    },
    [Symbol.dispose]() {
      try {
        // A child that was not waited for keeps its pid: it is nobody else's.
        if (look() === undefined) killByPid(pid, "SIGKILL");
      } catch (error) {
        ignore(error, "what refuses this signal has refused the rehearsal, and that is told");
      } finally {
        closeFd(silence);
      }
    },
  };
}

/** Where the kernel does not tell, nobody is refused for it either. */
function usesOurs(pid: Pid): boolean {
  try {
    return sharesMemory(ownPid(), pid) === true;
  } catch (error) {
    ignore(error, "kcmp is asked before a kill in the same way");
    return false;
  }
}
