import { choice, flag, nameOf, whole } from "#config/value-type.ts";
import { type Milliseconds, seconds } from "#domain/units.ts";
import { keysOf } from "./scenario-keys.ts";
import { requireSpan, span } from "./scenario-values.ts";
import { readRequired, readValue, refuseUnknownKeys, type TableReader } from "./table-reader.ts";

/** How a story has to end. */
export type Expectation =
  /** Nobody is killed, by anybody. */
  | { readonly kind: "no-kill" }
  | {
      readonly kind: "kill";
      /** The comm of everybody who may be killed. */
      readonly victim: string;
      /** The first of them is signalled by then. */
      readonly within: Milliseconds;
      /** How many of them may be. */
      readonly atMost: number;
      /** They are asked to exit early enough to do so by themselves. */
      readonly hasTime: boolean;
      /** Nobody at the machine is kept waiting longer than that. */
      readonly longestStall: Milliseconds;
    };

/** From here on people call a machine frozen. */
const frozen = seconds(1);

/** The `[expect]` of a scenario. */
export function readExpectation(reader: TableReader): Expectation {
  if (reader.table["kills"] !== undefined) {
    refuseUnknownKeys(reader, keysOf("noKill"));
    readValue(reader, "kills", choice(["none"]));
    return { kind: "no-kill" };
  }
  refuseUnknownKeys(reader, keysOf("kill"));
  return {
    kind: "kill",
    victim: readRequired(reader, "victim", { type: nameOf("a process"), fallback: "process" }),
    within: requireSpan(reader, "within"),
    atMost: readValue(reader, "at_most", whole([1, 10_000])) ?? 1,
    hasTime: readValue(reader, "by_itself", flag) ?? false,
    longestStall: readValue(reader, "longest_stall", span) ?? frozen,
  };
}
