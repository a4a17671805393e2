import type { Pidfd } from "#domain/units.ts";
import { closeFd } from "#native-bindings/file.ts";

/**
 * The one owner of a pidfd. Threads of the pool use the bare number, so that closing it under them could hand them
 * another process; it is closed when its owner has let go of it and every loan has come back.
 *
 *     main thread                pool thread
 *     release(victim)            …waits for its turn: process_mrelease(17)
 *     close(17)
 *     open(…) = 17               process_mrelease(17)  ← of somebody else
 */
export interface SharedPidfd extends Disposable {
  readonly pidfd: Pidfd;
  /** Keeps the descriptor open until the loan is disposed of. */
  lend(): Disposable;
}

/** Takes a pidfd over: it is closed when the last who holds it gives it back. */
export function ownPidfd(pidfd: Pidfd): SharedPidfd {
  let holders = 1;
  const makeGiveBack = (): Disposable => {
    let isHeld = true;
    return {
      [Symbol.dispose]() {
        if (!isHeld) return;
        isHeld = false;
        holders--;
        if (holders === 0) closeFd(pidfd);
      },
    };
  };
  const own = makeGiveBack();
  return {
    pidfd,
    lend() {
      holders++;
      return makeGiveBack();
    },
    [Symbol.dispose]: () => own[Symbol.dispose](),
  };
}
