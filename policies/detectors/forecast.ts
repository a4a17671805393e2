import { below, kib, lessened, milliseconds, seconds } from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount, duration, flag } from "#engine/option.ts";

const msPerSecond = 1000;

/**
 * Headroom that falls so steeply that who is asked to exit at `low` would have no time to do so. It proves `low` at most:
 * nobody is killed at once for what has not happened yet.
 */
export const forecast = defineDetector({
  name: "forecast",
  summary: "Headroom that will be below min before a victim could exit by itself",
  needs: ["meminfo"],
  deepest: "low",
  options: {
    enabled: flag({
      default: true,
      summary: "Whether a steep fall counts before low is reached.",
      because: "a fast program is through from low to min in less time than it takes to write a file",
    }),
    horizon: duration({
      range: [milliseconds(10), seconds(60)],
      default: milliseconds(250),
      summary:
        "Min has to be nearer than this, at the pace of the last quarter of a second and of the last look alike.",
      because: "longer would ask a program to exit that only starts, and is done before low",
    }),
    below: amount({
      auto: ({ headroom }) => headroom.high,
      summary: "It counts only while headroom is below this; auto is headroom.high.",
      because: "a program that starts takes memory as fast, and stops: with plenty left a fall proves nothing",
    }),
  },
  detect: ({ headroom, watermarks, trend }, { horizon, below: bound }) => {
    if (trend === undefined) return undefined;
    const fall = Math.max(0, Math.min(trend.steady, trend.lastFall));
    const left = lessened(headroom, watermarks.min);
    const timeLeft = fall > 0 ? milliseconds(left / fall) : undefined;
    const isProof = timeLeft !== undefined && below(timeLeft, horizon) && below(headroom, bound);
    return {
      reason: {
        kind: "falling",
        headroom,
        perSecond: kib(fall * msPerSecond),
        timeLeft,
        horizon,
        below: bound,
        threshold: watermarks.min,
      },
      breached: isProof ? "low" : undefined,
      isNear: false,
      quietAbove: bound,
    };
  },
});
