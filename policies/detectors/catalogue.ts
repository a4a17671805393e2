import type { Detector } from "#engine/define-detector.ts";
import { commit } from "./commit.ts";
import { forecast } from "./forecast.ts";
import { headroom } from "./headroom.ts";
import { kernelZone } from "./kernel-zone.ts";
import { stall } from "./stall.ts";
import { thrash } from "./thrash.ts";

/** Every detector there is. */
export const detectors: readonly Detector[] = [headroom, stall, thrash, kernelZone, forecast, commit];
