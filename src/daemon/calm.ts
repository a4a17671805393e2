import { atLeast, type KiB, least, lessened, scale } from "#domain/units.ts";
import type { EngineState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { allScopes } from "#engine/scope-state.ts";
import { isTroubleNear } from "#engine/trend.ts";

/** Above `high` there is to be half of it again, or what the fastest fill takes in a quarter of a second. */
const roomAbove = (high: KiB, { pacing }: Plan): KiB => least(scale(high, 1 / 2), scale(pacing.fastestFill, 1 / 4));

/** Whether there is time for what is not looking at memory: no alarm anywhere, nobody on his way out, and headroom far above `high`. */
export function isCalm(state: EngineState, plan: Plan): boolean {
  const { trend, sweep } = state;
  const { high } = plan.headroom;
  if (trend === undefined || sweep !== undefined || isTroubleNear(state, plan)) return false;
  if (allScopes(state).some(({ alarm, inFlight }) => alarm !== undefined || inFlight !== undefined)) return false;
  return atLeast(lessened(trend.headroom, high), roomAbove(high, plan));
}
