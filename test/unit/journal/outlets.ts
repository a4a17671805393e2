import type { Outlet } from "#journal/outlet.ts";

/** An outlet in memory whose reader the test plays. */
export interface ReadableOutlet extends Outlet {
  /** Everything that was taken. */
  readonly text: () => string;
  /** Room for so many more bytes. */
  readonly makeRoom: (bytes: number) => void;
  /** How often it was asked to wait. */
  readonly waits: () => number;
}

/** An outlet with a pipe's behaviour: takes what it has room for, and no more. While it is waited for, `readerWhileWaiting` bytes are read. */
export function outletWithRoom(room: number, readerWhileWaiting = 0): ReadableOutlet {
  const taken: number[] = [];
  let left = room;
  let waits = 0;
  return {
    tryWrite: (bytes) => {
      const part = bytes.subarray(0, left);
      taken.push(...part);
      left -= part.length;
      return part.length;
    },
    waitForRoom: () => {
      waits += 1;
      left += readerWhileWaiting;
      return readerWhileWaiting > 0;
    },
    text: () => new TextDecoder().decode(Uint8Array.from(taken)),
    makeRoom: (bytes) => {
      left += bytes;
    },
    waits: () => waits,
  };
}
