import type { Look, Machine } from "#machine/machine.ts";
import { conceal } from "./conceal.ts";
import type { Tape } from "./tape.ts";
import type { TapeRecord } from "./tape-record.ts";

/** A machine that is being recorded. */
export interface RecordingMachine extends Machine {
  /** Records that other settings are in force from the next look on. */
  note(settings: unknown): void;
  /** Records a look that nobody decides on. */
  aside(look: Look): void;
  /** Hands over what has not been: to be called before the tape is closed. */
  settle(): void;
}

/**
 * The same machine, and a tape of every look, act and wait. Between a look and its acts nothing is done but to remember them:
 * they are written down while the machine waits.
 */
export function withRecording(
  machine: Machine,
  { tape, hasNames }: { readonly tape: Tape; readonly hasNames: boolean },
): RecordingMachine {
  const strip = conceal({ hasNames });
  const pending: TapeRecord[] = [];
  const settle = (): void => {
    const records = pending.splice(0);
    if (records.length > 0 && tape.trouble === undefined) tape.append(records.map(strip), machine.now());
  };
  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense(look) {
      const snapshot = machine.sense(look);
      pending.push({ kind: "look", snapshot });
      return snapshot;
    },
    act(decision) {
      const outcome = machine.act(decision);
      pending.push({ kind: "act", decision, outcome });
      return outcome;
    },
    async wait(until, quiet) {
      const waiting = machine.wait(until, quiet);
      settle();
      const waker = await waiting;
      pending.push({ kind: "wait", until, waker });
      return waker;
    },
    wake: () => machine.wake(),
    note: (settings) => void pending.push({ kind: "settings", settings }),
    aside: (look) => void pending.push({ kind: "aside", snapshot: machine.sense(look) }),
    settle,
    [Symbol.dispose]() {
      settle();
      machine[Symbol.dispose]();
    },
  };
}
