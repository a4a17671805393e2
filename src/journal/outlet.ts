import type { Milliseconds } from "#domain/units.ts";

/** Where bytes leave the program. It never throws: an outlet that nobody reads any more takes everything and forgets it. */
export interface Outlet {
  /** How many of the bytes were taken, from the first on; 0 means it would have to wait. Never waits. */
  tryWrite(bytes: Uint8Array): number;
  /** Whether it takes bytes again; waits at most so long. For the last words of a program only. */
  waitForRoom(patience: Milliseconds): boolean;
}
