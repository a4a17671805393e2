import { below, greatest, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Machine } from "#machine/machine.ts";

/** Together less than 5 MB in the first hour, and in each that follows; what is over is room for the block that is being filled. */
const burst = 800_000;
const perHour = 4_000_000;
const hour = 3_600_000;

/** When so many bytes are allowed to have been written. */
export const allowedAt = (written: number): Milliseconds =>
  milliseconds((Math.max(0, written - burst) * hour) / perHour);

/**
 * The same machine, looked at no more often than a recording of 5 MB in an hour bears: near a watermark the engine wants
 * hundreds of looks in a second, and tables of thousands of processes.
 */
export function withAllowance(machine: Machine, written: () => number): Machine {
  const startedAt = machine.now();
  return {
    ...machine,
    async wait(until) {
      const notBefore = milliseconds(startedAt + allowedAt(written()));
      let waker = await machine.wait(greatest(until, notBefore));
      // Pressure makes no exception.
      while (waker === "pressure" && below(machine.now(), notBefore)) waker = await machine.wait(notBefore);
      return waker;
    },
  };
}
