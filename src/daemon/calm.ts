import { atLeast, type KiB, least, lessened, type Milliseconds, milliseconds, scale, seconds } from "#domain/units.ts";
import type { EngineState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { allScopes } from "#engine/scope-state.ts";
import { isTroubleNear } from "#engine/trend.ts";

/** What takes no longer than a closer look, though its code had never run before: 12 ms. */
export const brief = milliseconds(20);
/** What may take much longer. */
export const lengthy = milliseconds(250);

/** Above `high` there is to be half of it again, or what the fastest fill takes in that time. */
const roomAbove = (high: KiB, time: Milliseconds, { pacing }: Plan): KiB =>
  least(scale(high, 1 / 2), scale(pacing.fastestFill, time / seconds(1)));

/**
 * Whether there is time for what is not looking at memory and takes so long: no alarm anywhere, nobody on his way out, and
 * headroom far above `high`.
 */
export function isCalm(state: EngineState, time: Milliseconds, plan: Plan): boolean {
  const { trend, sweep } = state;
  const { high } = plan.headroom;
  if (trend === undefined || sweep !== undefined || isTroubleNear(state, plan)) return false;
  if (allScopes(state).some(({ alarm, inFlight }) => alarm !== undefined || inFlight !== undefined)) return false;
  return atLeast(lessened(trend.headroom, high), roomAbove(high, time, plan));
}
