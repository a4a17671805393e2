import { atLeast, below, kib, least, milliseconds, percent, percentOf, scale, seconds } from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount, choice, duration, flag, percentage } from "#engine/option.ts";
import { faultCounts, faultWait, isSlow, slowFaultDefault } from "./fault-wait.ts";
import { stallCounts, stalledShare } from "./stalled.ts";

/** On a small machine twice high is a third of memory, and a build that waits for its disk has as much left. */
const mostAvailable = percent(12.5);

/** Disks are asked about while tasks stall only. */
const unread = { ioSome: undefined, ioFull: undefined, majorFaults: undefined };

/**
 * Stall is a proof together with little memory only: a busy disk stalls as well. And it says nothing of how long anybody waits:
 * a program that grows into zram stalls as much as one that grows into a disk that turns (82 % and 69 % were seen of Linux 6.12),
 * and who sits before the machine waited 0.25 s for the one and 2.5 s for the other. What tells them apart is how long a page
 * fault takes.
 */
export const stall = defineDetector({
  name: "stall",
  summary:
    "Tasks that wait for memory instead of working (PSI). A stall calls for a victim only while little memory is available.",
  needs: ["meminfo", "pressure"],
  wants: ["ioPressure", "vmstat"],
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
      default: percent(50),
      summary: "The share of the window that has to be lost to the stall.",
      because: "a program that grows onto a disk works a third of the time, while everybody else waits",
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
    faults_slow: flag({
      default: true,
      summary: "Whether page faults have to be slow as well, as slow_fault says.",
      because: "swap in RAM and on an SSD stalls as much while a program grows into it, and nobody notices",
    }),
    slow_fault: duration({
      range: [milliseconds(0.1), seconds(1)],
      default: slowFaultDefault,
      summary:
        "Page faults are slow when each takes this long in the middle, and somebody waits two fifths of the time.",
      because:
        "0.6 ms were seen of a busy SSD, where a wake took 0.13 s, and 3 ms of a disk with 2,000 transfers in a second, where it took 2.5 s",
    }),
  },
  watch: ({ pressure, ioPressure, vmstat }, { window, faults_slow: wantsSlow }) => {
    if (pressure === undefined) return undefined;
    const isTold = wantsSlow && ioPressure !== undefined && vmstat !== undefined;
    const faults = isTold ? faultCounts(ioPressure, vmstat) : unread;
    return { window, counts: { ...stallCounts(pressure), ...faults } };
  },
  detect: ({ growth, available }, options) => {
    if (growth === undefined) return undefined;
    const { line, limit, window, available_below: availableBelow, faults_slow: wantsSlow, slow_fault: slow } = options;
    const stalled = stalledShare(growth[line], window);
    const faults = wantsSlow ? faultWait(growth, window, slow) : undefined;
    const isShort = below(available, availableBelow);
    const isProof = isShort && atLeast(stalled, limit) && (faults === undefined || isSlow(faults));
    return {
      reason: {
        kind: "stalled",
        line,
        share: stalled,
        limit,
        window,
        available,
        availableBelow,
        ...(faults && { faults }),
      },
      breached: isProof ? "min" : undefined,
      quietAbove: kib(0),
      isNear: isShort && atLeast(stalled, scale(limit, 1 / 2)),
    };
  },
});
