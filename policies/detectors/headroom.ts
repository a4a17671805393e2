import { defineDetector } from "#engine/define-detector.ts";
import { breachedWatermark } from "#engine/zone.ts";

/** The zone most users see. Its watermarks are no options of its own: the pace of looks and other detectors go by them as well. */
export const headroom = defineDetector({
  name: "headroom",
  summary: "What could be had if everything reclaimable were reclaimed, against min, low and high",
  needs: ["meminfo", "swaps"],
  deepest: "min",
  options: {},
  detect: ({ headroom: present, watermarks }) => {
    const breached = breachedWatermark(present, watermarks);
    const watermark = breached ?? "high";
    const threshold = watermarks[watermark];
    return {
      reason: { kind: "below-watermark", zone: "headroom", watermark, headroom: present, threshold },
      breached,
      // The pace of looks follows headroom by itself.
      isNear: false,
      quietAbove: watermarks.high,
    };
  },
});
