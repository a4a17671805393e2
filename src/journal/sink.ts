import type { Bytes, Milliseconds } from "#domain/units.ts";
import type { Outlet } from "./outlet.ts";

/** Ordinary lines leave a quarter of the room to urgent ones. */
export type Urgency = "urgent" | "ordinary";

/** Lines on their way out, in memory that was taken at the start. Nothing here waits, grows or throws, except `drain`. */
export interface Sink {
  /** False: no room, and the line is lost as a whole. */
  write(line: string, urgency: Urgency): boolean;
  /** Hands over as much as the outlet takes now. */
  flush(): void;
  /** Hands everything over, and gives up when the outlet takes nothing for so long. */
  drain(patience: Milliseconds): void;
  /** How many bytes wait. */
  readonly waiting: number;
}

const reserve = 1 / 4;

/** A ring of `capacity` bytes before an outlet. */
export function createSink(outlet: Outlet, capacity: Bytes): Sink {
  const ring = new Uint8Array(capacity);
  const scratch = new Uint8Array(capacity);
  const encoder = new TextEncoder();
  let head = 0;
  let used = 0;

  /** The line as bytes in `scratch`; undefined when they exceed `room`. */
  const encode = (line: string, room: number): Uint8Array | undefined => {
    const { read, written } = encoder.encodeInto(line, scratch);
    return read === line.length && written <= room ? scratch.subarray(0, written) : undefined;
  };

  const append = (bytes: Uint8Array): void => {
    const tail = (head + used) % capacity;
    const untilEnd = Math.min(bytes.length, capacity - tail);
    ring.set(bytes.subarray(0, untilEnd), tail);
    ring.set(bytes.subarray(untilEnd), 0);
    used += bytes.length;
  };

  const flush = (): void => {
    while (used > 0) {
      const taken = outlet.tryWrite(ring.subarray(head, Math.min(head + used, capacity)));
      if (taken === 0) return;
      head = (head + taken) % capacity;
      used -= taken;
    }
  };

  return {
    write: (line, urgency = "urgent") => {
      const kept = urgency === "urgent" ? 0 : capacity * reserve;
      const bytes = encode(line, capacity - used - kept);
      if (bytes === undefined) return false;
      append(bytes);
      return true;
    },
    flush,
    drain: (patience) => {
      do flush();
      while (used > 0 && outlet.waitForRoom(patience));
    },
    get waiting() {
      return used;
    },
  };
}
