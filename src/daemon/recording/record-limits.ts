import { duration } from "#config/duration.ts";
import { size } from "#config/size.ts";
import type { ValueType } from "#config/value-type.ts";
import { gib, type KiB, type Milliseconds, mib, seconds } from "#domain/units.ts";
import { largestRecording } from "./recording-choice.ts";

/** How long a recording goes on, and how large it gets. */
export interface RecordLimits {
  readonly kind: "limits";
  /** Undefined: until it is asked to stop. */
  readonly lasts: Milliseconds | undefined;
  readonly limit: KiB;
}

const longest = seconds(7 * 24 * 3600);
const lengths = duration([seconds(1), longest]);
const limits = size([mib(1), gib(4)]);

/** Reads what was written for them on a command line. */
export function readRecordLimits(written: {
  readonly lasts: string | undefined;
  readonly limit: string | undefined;
}): RecordLimits | { readonly kind: "refused"; readonly text: string } {
  try {
    const lasts = readOption("for", written.lasts, lengths);
    return { kind: "limits", lasts, limit: readOption("limit", written.limit, limits) ?? largestRecording };
  } catch (error) {
    if (error instanceof RangeError) return { kind: "refused", text: error.message };
    throw error;
  }
}

/** @throws RangeError when it is no such value */
function readOption<T>(name: string, written: string | undefined, type: ValueType<T>): T | undefined {
  if (written === undefined) return undefined;
  const read = type.read(written);
  if (read.kind === "value") return read.value;
  throw new RangeError(`Cannot use --${name} "${written}": ${read.found}; ${read.wanted}`);
}
