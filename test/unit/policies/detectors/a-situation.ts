import { bytes, gib, mib } from "#domain/units.ts";
import type { Situation } from "#engine/define-detector.ts";
import { marks } from "#test/support/a-plan.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";

/** A look at a machine of 16 GiB with half of it available, at which nothing grows. */
export function aSituation<C extends string>(change: Partial<Situation<C>> = {}): Situation<C> {
  const meminfo = change.meminfo ?? someMeminfo({ available: gib(8), activeFile: mib(100), inactiveFile: mib(100) });
  return {
    facts: { meminfo },
    headroom: gib(8),
    available: gib(8),
    watermarks: marks,
    trend: undefined,
    pageSize: bytes(4096),
    growth: undefined,
    ...change,
    meminfo,
  };
}
