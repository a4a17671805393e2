import type { Machine } from "#machine/machine.ts";
import { isTerminal } from "#native-bindings/terminal.ts";

/** What the operator's signals asked for. */
export interface Requests {
  /** The signal that asked to stop, once one did. */
  readonly stop: () => NodeJS.Signals | undefined;
  /** Whether a reload was asked for since the last time this was called. */
  readonly takeReload: () => boolean;
  /** Leaves signals to the runtime again; those that asked to stop a moment later, when the echo of the first is over. */
  readonly [Symbol.dispose]: () => void;
}

const stopping: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

/** Ctrl-C reaches us twice under npm: from the terminal, and passed on. The second one must not end the goodbye. */
const echoLasts = 1000;

const stderr = 2;

/**
 * SIGINT and SIGTERM stop, SIGHUP reloads; each ends the wait under way. When the terminal we were started on has gone, SIGHUP
 * means that: a killer nobody sees any more must not go on where nobody looks for it.
 */
export function listenForRequests(machine: Machine): Requests {
  let stop: NodeJS.Signals | undefined;
  let isReloadAsked = false;
  const onStop = (signal: NodeJS.Signals): void => {
    stop = signal;
    machine.wake();
  };
  const hadTerminal = isTerminal(stderr);
  const onHangup = (): void => {
    if (hadTerminal && !isTerminal(stderr)) stop = "SIGHUP";
    else isReloadAsked = true;
    machine.wake();
  };
  for (const signal of stopping) process.on(signal, onStop);
  process.on("SIGHUP", onHangup);
  return {
    stop: () => stop,
    takeReload: () => {
      const asked = isReloadAsked;
      isReloadAsked = false;
      return asked;
    },
    [Symbol.dispose]: () => {
      process.off("SIGHUP", onHangup);
      const leaveSignals = (): void => {
        for (const signal of stopping) process.off(signal, onStop);
      };
      if (stop === undefined) leaveSignals();
      // Later than that it is somebody who does not want to wait.
      else setTimeout(leaveSignals, echoLasts).unref();
    },
  };
}
