import { atLeast, below, kib, least, milliseconds, percent, percentOf, scale, seconds } from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount, choice, duration, flag, percentage } from "#engine/option.ts";
import { stallCounts, stalledShare } from "./stalled.ts";

/** On a small machine twice high is a third of memory, and a build that waits for its disk has as much left. */
const mostAvailable = percent(12.5);

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
      default: percent(70),
      summary: "The share of the window that has to be lost to the stall.",
      because: "zram at work costs 60 % for half a minute and nobody notices; what freezes a screen costs 90 %",
    }),
    window: duration({
      range: [milliseconds(500), seconds(60)],
      default: seconds(1),
      summary: "How long the stall has to last.",
      because: "half a minute of averages is too late: a screen on a disk that turns stands still after 1.5 s",
    }),
    available_below: amount({
      auto: ({ headroom, userMemory }) => least(scale(headroom.high, 2), percentOf(mostAvailable, userMemory)),
      summary:
        "A stall counts only while less than this is available; auto is twice headroom.high, at most an eighth of user memory.",
      because: "pressure with plenty of memory left has other causes, such as a slow disk or a small cgroup",
    }),
  },
  watch: ({ pressure }, { window }) => pressure && { window, counts: stallCounts(pressure) },
  detect: ({ growth, available }, { line, limit, window, available_below: availableBelow }) => {
    const stalledFor = growth?.[line];
    if (stalledFor === undefined) return undefined;
    const stalled = stalledShare(stalledFor, window);
    const isProof = atLeast(stalled, limit) && below(available, availableBelow);
    return {
      reason: { kind: "stalled", line, share: stalled, limit, window, available, availableBelow },
      breached: isProof ? "min" : undefined,
      quietAbove: kib(0),
      isNear: atLeast(stalled, scale(limit, 1 / 2)) && below(available, availableBelow),
    };
  },
});
