import fc from "fast-check";
import { factNames } from "#domain/snapshot.ts";
import { add, milliseconds } from "#domain/units.ts";
import type { Fault, FaultSpell } from "#machine/fault.ts";

const readErrnos = ["EMFILE", "ENOMEM", "EIO", "EINTR", "EBADMSG"] as const;

/** Any fault there is. */
const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant("unreadable" as const),
    facts: fc.oneof(fc.constant(["meminfo"] as const), fc.subarray([...factNames], { minLength: 1 })),
    errno: fc.constantFrom(...readErrnos),
  }),
  fc.record({ kind: fc.constant("short-table" as const), errno: fc.constantFrom(...readErrnos) }),
  fc.record({
    kind: fc.constant("vanished" as const),
    why: fc.constantFrom("gone" as const, "identity-changed" as const),
  }),
  fc.record({
    kind: fc.constant("refused" as const),
    call: fc.constantFrom("pidfd_open" as const, "pidfd_send_signal" as const),
    errno: fc.constantFrom("EPERM", "ENOMEM", "EINVAL"),
  }),
  fc.constant({ kind: "unkillable" } as const),
  fc.record({ kind: fc.constant("unreapable" as const), errno: fc.constantFrom("EAGAIN", "EINVAL", "EINTR") }),
  fc.constant({ kind: "endless-reap" } as const),
  fc.record({ kind: fc.constant("late" as const), by: fc.integer({ min: 0, max: 3000 }).map(milliseconds) }),
  fc.record({ kind: fc.constant("no-processes" as const), errno: fc.constantFrom("EAGAIN", "ENOMEM") }),
);

/** From a single look to a whole life. */
const lengths = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 5000 }), fc.constant(60_000));

/** One to six faults, which may strike together. */
export const faultSpells: fc.Arbitrary<readonly FaultSpell[]> = fc.array(
  fc
    .record({ fault: anyFault, from: fc.integer({ min: 0, max: 20_000 }), length: lengths })
    .map(({ fault, from, length }): FaultSpell => {
      const begun = milliseconds(from);
      return { fault, from: begun, until: add(begun, milliseconds(length)) };
    }),
  { minLength: 1, maxLength: 6 },
);
