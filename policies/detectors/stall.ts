import {
  atLeast,
  below,
  microseconds,
  milliseconds,
  millisecondsToMicroseconds,
  percent,
  scale,
  seconds,
  share,
} from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount, choice, duration, flag, percentage } from "#engine/option.ts";

/** Stall is a proof together with little memory only: a busy disk stalls as well. */
export const stall = defineDetector({
  name: "stall",
  summary:
    "Tasks that wait for memory instead of working (PSI). A stall calls for a victim only while little memory is available.",
  needs: ["meminfo", "pressure"],
  deepest: "min",
  options: {
    enabled: flag({
      default: true,
      summary: "Whether a stall can call for a victim.",
      because: "a machine that thrashes is unusable long before its headroom is gone",
    }),
    line: choice({
      words: ["some", "full"],
      default: "full",
      summary: 'Which line of PSI counts: "some" task stalled, or "full": all of them.',
      because: "some is high on any machine that builds software; full means that nothing gets done",
    }),
    limit: percentage({
      range: [percent(1), percent(100)],
      default: percent(40),
      summary: "The share of the window that has to be lost to the stall.",
      because: "a distribution that began at 10 % found it too eager, and by way of 30 % settled at 40 %",
    }),
    window: duration({
      range: [milliseconds(500), seconds(60)],
      default: seconds(2),
      summary: "How long the stall has to last.",
      because: "shorter is a hiccup; and unprivileged kernel triggers take multiples of 2 s only",
    }),
    available_below: amount({
      auto: ({ headroom }) => scale(headroom.high, 2),
      summary: "A stall counts only while less than this is available; auto is twice headroom.high.",
      because: "pressure with plenty of memory left has other causes, such as a slow disk or a small cgroup",
    }),
  },
  watch: ({ pressure }, { window }) =>
    pressure && { window, counts: { some: pressure.some.total, full: pressure.full.total } },
  detect: ({ growth, available }, { line, limit, window, available_below: availableBelow }) => {
    const stalledFor = growth?.[line];
    if (stalledFor === undefined) return undefined;
    const stalled = share(microseconds(stalledFor), millisecondsToMicroseconds(window));
    const isProof = atLeast(stalled, limit) && below(available, availableBelow);
    return {
      reason: { kind: "stalled", line, share: stalled, limit, window, available, availableBelow },
      breached: isProof ? "min" : undefined,
      isNear: atLeast(stalled, scale(limit, 1 / 2)) && below(available, availableBelow),
    };
  },
});
