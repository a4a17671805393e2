import type { Detector } from "#engine/define-detector.ts";
import { headroom } from "./headroom.ts";
import { stall } from "./stall.ts";

/** Every detector there is. */
export const detectors: readonly Detector[] = [headroom, stall];
