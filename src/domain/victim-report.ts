import type { Identity } from "./identity.ts";
import type { SystemFailure } from "./system-error.ts";
import type { Milliseconds } from "./units.ts";

/** How giving back a victim's memory went. @see KERNEL: mm/oom_kill.c: process_mrelease */
export type ReapReport =
  | { readonly kind: "not-asked" }
  /** The call is under way, or waits for its next try. */
  | { readonly kind: "under-way"; readonly since: Milliseconds }
  /** The memory was given back by us. */
  | { readonly kind: "released"; readonly took: Milliseconds }
  /** The victim let go of its memory before we came: it is giving it back by itself. */
  | { readonly kind: "exiting-by-itself" }
  /** It could not be reaped: tried as often as the kernel's reaper tries. */
  | { readonly kind: "stuck"; readonly failure: SystemFailure }
  /** The kernel has no such call. */
  | { readonly kind: "unsupported" };

/** Where a victim stands now. Held by the machine from the first act upon it until it is released. */
export type VictimReport = { readonly identity: Identity } & (
  | {
      /** Nothing was signalled, and nothing will be: the next candidate is to be taken. */
      readonly kind: "refused";
      readonly why:
        | "gone"
        | "identity-changed"
        | "became-protected"
        | "shares-memory-with-protected"
        | "passed-over"
        | "failed";
      /** Present exactly when a system call refused. */
      readonly failure?: SystemFailure;
    }
  /** A dry run: nothing was signalled, nothing will come back. */
  | { readonly kind: "rehearsed" }
  /** Signalled or adopted, and alive. */
  | { readonly kind: "alive"; readonly reap: ReapReport }
  /** Every process that held its memory has exited. */
  | { readonly kind: "exited"; readonly at: Milliseconds; readonly reap: ReapReport }
);
