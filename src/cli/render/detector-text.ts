import type { DetectorView } from "#daemon/views/status-view.ts";
import { describePresent } from "#journal/phrases.ts";

/** What a detector sees against what it takes, and the alarms that go by it. */
export const describeDetector = (seen: DetectorView): string =>
  `${describePresent(seen)} (${seen.alarms.join(", ")})${seen.breached === undefined ? "" : ": proven"}`;
