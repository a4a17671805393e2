import type { FactName } from "#domain/snapshot.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import { atLeast, below, type Milliseconds } from "#domain/units.ts";

/** Something that goes wrong between a machine and the kernel below it. */
export type Fault =
  /** Facts cannot be read: EMFILE, ENOMEM, EIO; or what was read is no fact: EBADMSG. */
  | { readonly kind: "unreadable"; readonly facts: readonly FactName[]; readonly errno: string }
  /** The listing of processes ends in the middle, and every second one of those that are listed cannot be read. */
  | { readonly kind: "short-table"; readonly errno: string }
  /** Whoever is to be signalled has gone, or its pid is somebody else's by now. */
  | { readonly kind: "vanished"; readonly why: "gone" | "identity-changed" }
  /** No signal is let through. */
  | { readonly kind: "refused"; readonly call: "pidfd_open" | "pidfd_send_signal"; readonly errno: string }
  /** Signals are taken and have no effect: the victims sleep in the kernel (state D). They get what is pending when they wake. */
  | { readonly kind: "unkillable" }
  /** Memory is given back by nobody but the victim itself, because `process_mrelease` fails. */
  | { readonly kind: "unreapable"; readonly errno: string }
  /** The same, because the call does not return. */
  | { readonly kind: "endless-reap" }
  /** No waker is heard, and every wait lasts longer than was planned. */
  | { readonly kind: "late"; readonly by: Milliseconds }
  /** No process can be started: the process table, or our share of it, is full. */
  | { readonly kind: "no-processes"; readonly errno: string };

/** A fault, and from when until when it strikes. */
export interface FaultSpell {
  readonly fault: Fault;
  readonly from: Milliseconds;
  readonly until: Milliseconds;
}

/** The faults that strike at that time, in the order they are written in. */
export const strikingAt = (spells: readonly FaultSpell[], now: Milliseconds): readonly Fault[] =>
  spells.filter(({ from, until }) => atLeast(now, from) && below(now, until)).map(({ fault }) => fault);

type FaultOf<K extends Fault["kind"]> = Extract<Fault, { kind: K }>;

/** The first fault of a kind among those that strike. */
export const findFault = <K extends Fault["kind"]>(faults: readonly Fault[], kind: K): FaultOf<K> | undefined =>
  faults.find((fault): fault is FaultOf<K> => fault.kind === kind);

/** What a call says that was made to fail. */
export const injected = (call: string, errno: string, subject: string): SystemFailure => ({
  call,
  errno,
  subject,
  advice: "Nothing: this fault was injected",
});
