import { below, lessened, scale } from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount } from "#engine/option.ts";
import { breachedWatermark } from "#engine/zone.ts";

/** What may still be promised to programs, where the kernel promises no more than it has. */
export const commit = defineDetector({
  name: "commit",
  summary:
    "With vm.overcommit_memory = 2 only: what may still be promised to programs before the kernel refuses them memory. " +
    "No alarm goes by it unless it is listed: a program that is refused memory is told so, and the machine stays quick.",
  needs: ["meminfo", "overcommit"],
  deepest: "min",
  options: {
    min: amount({
      auto: ({ headroom }) => headroom.min,
      summary: "With less than this left it is as if headroom were below min; auto is headroom.min.",
      because: "what is promised and what is there are spent at the same pace",
    }),
    low: amount({
      auto: ({ headroom }) => headroom.low,
      summary: "With less than this left it is as if headroom were below low; auto is headroom.low.",
      because: "what is promised and what is there are spent at the same pace",
    }),
    high: amount({
      auto: ({ headroom }) => headroom.high,
      summary: "With less than this left it is as if headroom were below high; auto is headroom.high.",
      because: "what is promised and what is there are spent at the same pace",
    }),
  },
  detect: ({ facts: { overcommit }, meminfo }, watermarks) => {
    if (overcommit !== "never") return undefined;
    const { commitLimit: limit, committedAs } = meminfo;
    const left = lessened(limit, committedAs);
    const breached = breachedWatermark(left, watermarks);
    const watermark = breached ?? "high";
    return {
      reason: { kind: "commit-below-watermark", watermark, left, threshold: watermarks[watermark], limit },
      breached,
      isNear: below(left, scale(watermarks.high, 2)),
    };
  },
});
