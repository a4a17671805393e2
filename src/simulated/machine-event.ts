import type { Signal } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import type { KiB, Milliseconds } from "#domain/units.ts";

/** Something that happened on the simulated machine, at its virtual time. */
export type MachineEvent = { readonly at: Milliseconds } & (
  | { readonly kind: "started"; readonly identity: Identity; readonly comm: string; readonly isChild: boolean }
  | {
      readonly kind: "signalled";
      readonly identity: Identity;
      readonly comm: string;
      readonly signal: Signal;
      readonly by: "tidemark" | "kernel" | "somebody";
    }
  /** The kernel's own OOM killer chose a victim: the early one came too late. */
  | { readonly kind: "kernel-oom-kill"; readonly identity: Identity; readonly comm: string; readonly badness: KiB }
  /** The memory of a process was taken away before its exit gave it back. */
  | {
      readonly kind: "reaped";
      readonly identity: Identity;
      readonly comm: string;
      readonly by: "tidemark" | "kernel";
      readonly took: Milliseconds;
    }
  | { readonly kind: "exited"; readonly identity: Identity; readonly comm: string; readonly isChild: boolean }
  | { readonly kind: "suspended"; readonly for: Milliseconds }
  /** "System is deadlocked on memory": nobody may be killed, and nothing can be reclaimed. */
  | { readonly kind: "kernel-panicked" }
);
