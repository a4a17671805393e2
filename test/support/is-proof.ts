import type { Reason } from "#domain/alarm.ts";

/** Whether a reason proves what it claims, by its own numbers. */
export function isProof(reason: Reason): boolean {
  switch (reason.kind) {
    case "below-watermark":
      return reason.watermark !== "high" && reason.headroom < reason.threshold;
    case "commit-below-watermark":
      return reason.watermark !== "high" && reason.left < reason.threshold;
    case "falling":
      return reason.timeLeft !== undefined && reason.timeLeft < reason.horizon && reason.headroom < reason.below;
    case "stalled":
      return reason.share >= reason.limit && reason.available < reason.availableBelow;
    case "thrashing":
      return (
        reason.exchanged >= reason.limit && reason.stalled >= reason.stallLimit && reason.cache < reason.cacheBelow
      );
    case "memcg-swap":
      return reason.swapped > reason.threshold;
    case "memcg-size":
      return reason.size > reason.threshold;
    case "memcg-growth":
      return reason.grown > reason.threshold;
    case "kernel-zone":
      return reason.free <= reason.needed;
  }
}

/** The detector whose window a reason comes from; reasons of the other kinds are what is there now. */
export const windowOf: Partial<Record<Reason["kind"], string>> = { stalled: "stall", thrashing: "thrash" };
