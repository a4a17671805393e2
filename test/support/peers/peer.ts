import type { Signal } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { type FactName, knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, greatest, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { toSignal } from "#test/support/decisions.ts";
import { passTime } from "#test/support/story.ts";

/** A signal that a peer sends. */
export interface PeerShot {
  readonly victim: Identity;
  readonly signal: Signal;
  /** `process_mrelease` right after SIGKILL. */
  readonly reapsAtOnce: boolean;
}

/** What a peer does at one wake-up. */
export interface PeerTurn<State> {
  readonly shots: readonly PeerShot[];
  readonly state: State;
  /** Now means: the same moment again, with the facts it needs. */
  readonly next: Milliseconds;
  readonly needs: readonly FactName[];
}

/** Another killer's rule, as a pure function of what its version of the program reads: it sees and does what tidemark sees and does. */
export interface Peer<State> {
  readonly name: string;
  /** What it reads at its first wake-up. */
  readonly needs: readonly FactName[];
  readonly begin: State;
  step(snapshot: Snapshot, state: State): PeerTurn<State>;
}

/** Lets a peer guard a simulated machine until `duration`. Nothing but its timers wakes it. */
export async function runPeer<State>(
  machine: SimulatedMachine,
  { needs, begin, step }: Peer<State>,
  duration: Milliseconds,
): Promise<void> {
  let turn: PeerTurn<State> = { shots: [], state: begin, next: machine.now(), needs };
  while (machine.now() < duration) {
    turn = step(machine.sense({ needs: turn.needs, isPressing: true }), turn.state);
    for (const { victim, ...how } of turn.shots) machine.act(toSignal(victim, how));
    await passTime(machine, greatest(milliseconds(0), milliseconds(Math.max(0, turn.next - machine.now()))));
  }
}

/** Every process a killer could name: not init, not the kernel's own, not the killer itself. */
export function killable(snapshot: Snapshot): readonly ProcessFacts[] {
  const table = knownValue(snapshot.processes);
  return (table?.processes ?? []).filter(
    ({ identity, isKernelThread }) => identity.pid !== 1 && identity.pid !== table?.self && !isKernelThread,
  );
}

/** A time from now. */
export const after = (snapshot: Snapshot, span: Milliseconds): Milliseconds => add(snapshot.takenAt, span);
