import { bytes, gib, type KiB, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import type { Plan } from "#engine/plan.ts";
import { desktop } from "#policies/desktop.ts";

/** Watermarks of every plan below: 400, 800 and 1,200 MiB. */
export const marks: { readonly min: KiB; readonly low: KiB; readonly high: KiB } = {
  min: mib(400),
  low: mib(800),
  high: mib(1200),
};

/** A plan as it ships, for a machine of some 16 GiB, with round numbers. */
export const aPlan = (change: Partial<Plan> = {}): Plan => ({
  pageSize: bytes(4096),
  headroom: marks,
  stall: { line: "full", limit: percent(40), window: seconds(2), availableBelow: mib(2400) },
  policy: bindPolicy(desktop, defaultOptions(desktop.options)),
  rules: [],
  preference: percent(30),
  kill: {
    termGrace: seconds(3),
    reapGrace: milliseconds(150),
    killTimeout: seconds(3),
    confirmTimeout: milliseconds(500),
    coolDown: seconds(1),
    budget: 10,
    budgetWindow: seconds(60),
  },
  pacing: {
    calm: seconds(1),
    near: milliseconds(20),
    tight: milliseconds(4),
    fastestFill: gib(6),
    tableEvery: undefined,
  },
  ...change,
});
