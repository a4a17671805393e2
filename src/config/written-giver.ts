import type { Giver } from "#domain/giver.ts";
import type { Place } from "./source-text.ts";

/** A giver, and where it is written. */
export interface WrittenGiver {
  readonly giver: Giver;
  readonly place: Place;
}
