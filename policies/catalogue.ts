import type { Policy } from "#engine/define-policy.ts";
import { desktop } from "./desktop.ts";
import { kernel } from "./kernel.ts";
import { largestRss } from "./largest-rss.ts";

/** Every policy there is, the default first. */
export const policies: readonly Policy[] = [desktop, kernel, largestRss];
