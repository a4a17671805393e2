import { duration } from "#config/duration.ts";
import { largestSize, size } from "#config/size.ts";
import { gib, type KiB, kib, type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import { readRequired, type TableReader } from "./table-reader.ts";

const mostDays = 7;

/** Memory in a scenario: nothing at all is allowed. */
export const amount = size([kib(0), largestSize]);

/** Time in a scenario. */
export const span = duration([milliseconds(0), seconds(mostDays * 24 * 3600)]);

/** A size that has to be written. */
export const requireSize = (reader: TableReader, key: string): KiB =>
  readRequired(reader, key, { type: amount, fallback: gib(1) });

/** A time that has to be written. */
export const requireSpan = (reader: TableReader, key: string): Milliseconds =>
  readRequired(reader, key, { type: span, fallback: seconds(60) });
