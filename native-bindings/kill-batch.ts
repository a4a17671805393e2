import type { SystemFailure } from "#domain/system-error.ts";
import type { Pidfd } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import { type Release, releaseOf } from "./pidfd.ts";
import { signalNumbers } from "./signals.ts";
import { type BatchedCall, makeSyscallBatch } from "./syscall-batch.ts";

/** What a batch came to. */
export interface KillResult {
  /** What refused the signal to the victim or a sharer; undefined: all have it, or had left before. */
  readonly signalFailure: SystemFailure | undefined;
  readonly release: Release;
}

/** A kill on a helper thread. */
export interface RunningKill {
  /** Whether the victim has been signalled: false while all threads of the pool are busy. */
  hasBegun(): boolean;
  readonly result: Promise<KillResult>;
}

/** SIGKILL and `process_mrelease` within microseconds of each other. */
export interface KillBatch extends Disposable {
  /** The first descriptor is the victim's; the others share its memory. All must stay open until the result has come. @throws SystemError where no thread takes it */
  start(pidfds: readonly [Pidfd, ...Pidfd[]]): RunningKill;
}

/** @throws SystemError where the machine does not let us */
export function makeKillBatch(): KillBatch {
  const batch = makeSyscallBatch();
  return {
    start(pidfds) {
      const [victim] = pidfds;
      const kills = pidfds.map(
        (pidfd): BatchedCall => ({
          name: "pidfd_send_signal",
          args: [pidfd, signalNumbers.SIGKILL, 0, 0],
        }),
      );
      const { hasBegun, results } = batch.start([...kills, { name: "process_mrelease", args: [victim, 0] }]);
      return { hasBegun, result: results.then((all) => readResults(all, pidfds)) };
    },
    [Symbol.dispose]: () => batch[Symbol.dispose](),
  };
}

type Results = Awaited<ReturnType<ReturnType<typeof makeSyscallBatch>["start"]>["results"]>;

function readResults(results: Results, pidfds: readonly [Pidfd, ...Pidfd[]]): KillResult {
  const [victim] = pidfds;
  const refused = pidfds.flatMap((pidfd, index) => {
    const result = results[index];
    if (result === undefined || "value" in result || errnoName(result.errno) === "ESRCH") return [];
    return [refusal("pidfd_send_signal", result.errno, `pidfd ${pidfd}`)];
  });
  const release = results.at(-1);
  if (release === undefined) throw new Error("Cannot read a batch: it has no result");
  return { signalFailure: refused[0], release: releaseOf(release, victim) };
}
