import type { EventName } from "./catalogue.ts";
import type { Level } from "./event.ts";

/** One event that happened. Every text in it is escaped, every number rounded. */
export interface Entry {
  /** Wall clock, for people; milliseconds since 1970. */
  readonly wallTime: number;
  readonly event: EventName;
  readonly messageId: string;
  readonly level: Level;
  readonly fields: object;
  /** Entries of the same kind and cause that were counted since the last one that was written. */
  readonly suppressed: number;
  readonly sentence: string;
}

/** Makes an entry a line, its newline included. */
export type Encode = (entry: Entry) => string;
