import { bytes, gib, kib, percent, percentOf } from "#domain/units.ts";
import type { MachineFacts } from "#plan/watermarks.ts";

/** A machine of which the kernel keeps a sixteenth for itself. */
export const aMachine = ({ ramGiB = 16, swapGiB = 0, hasPressure = true } = {}): MachineFacts => ({
  ram: gib(ramGiB),
  userMemory: kib(percentOf(percent(93.75), gib(ramGiB))),
  swap: gib(swapGiB),
  pageSize: bytes(4096),
  hasPressure,
});
