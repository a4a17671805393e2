import { add, below, type Milliseconds } from "#domain/units.ts";

/** Says once, then counts. */
export interface Throttle {
  /** How many were held back since the last admitted one; undefined: hold this one back as well. */
  admit(key: string, now: Milliseconds): number | undefined;
}

interface Condition {
  readonly quietUntil: Milliseconds;
  readonly heldBack: number;
}

const mostConditions = 256;

/** One entry per key and window. Of more than 256 conditions at once the oldest is forgotten: memory has a bound, silence has none. */
export function createThrottle(window: Milliseconds): Throttle {
  const conditions = new Map<string, Condition>();

  return {
    admit: (key, now) => {
      const condition = conditions.get(key);
      if (condition !== undefined && below(now, condition.quietUntil)) {
        conditions.set(key, { ...condition, heldBack: condition.heldBack + 1 });
        return undefined;
      }
      conditions.delete(key);
      conditions.set(key, { quietUntil: add(now, window), heldBack: 0 });
      forgetBeyond(conditions, mostConditions);
      return condition?.heldBack ?? 0;
    },
  };
}

function forgetBeyond(conditions: Map<string, Condition>, most: number): void {
  for (const key of conditions.keys()) {
    if (conditions.size <= most) return;
    conditions.delete(key);
  }
}
