import { missingCapabilities } from "#daemon/missing-capabilities.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** What is missing of the rights that are ours to be given, or of all that is the kernel's to have. */
export const lackOf = (topic: "kernel" | "rights", capabilities: Capabilities): readonly Diagnosis[] =>
  missingCapabilities(capabilities)
    .filter(({ isRight = false }) => isRight === (topic === "rights"))
    .map(({ capability, consequence, advice, isNeeded = false }) => ({
      topic,
      severity: isNeeded ? "fault" : "warning",
      finding: `no ${capability}`,
      consequence,
      advice,
    }));
