import type { Snapshot } from "#domain/snapshot.ts";
import type { Surroundings } from "#domain/surroundings.ts";
import type { KiB } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { ManagedUnit } from "#linux/unit-oom-policy.ts";
import type { Capabilities } from "#machine/capabilities.ts";

/** What is looked at, in the order in which it is told. */
export const topics = ["kernel", "rights", "memory", "swap", "cgroups", "killers", "session", "watermarks"] as const;

/** One of them. */
export type Topic = (typeof topics)[number];

/**
 * How bad it is. A `fault` keeps tidemark from a promise; a `warning` makes it worse than it could be; a `note` is worth knowing;
 * what is `fine` was looked at as well.
 */
export type Severity = "fine" | "note" | "warning" | "fault";

/** One thing that was looked at. */
export interface Diagnosis {
  readonly topic: Topic;
  readonly severity: Severity;
  /** What was found, in words. */
  readonly finding: string;
  /** What follows from it. Absent: nothing bad. */
  readonly consequence?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** All that a diagnosis can be made of. */
export interface Exam {
  readonly snapshot: Snapshot;
  readonly headroom: KiB;
  readonly plan: Plan;
  readonly capabilities: Capabilities;
  readonly surroundings: Surroundings;
  /** Asks a service manager about one unit; undefined when none answers. */
  readonly oomPolicyOf: (unit: ManagedUnit) => string | undefined;
}

/** Looks at one side of a machine. */
export type CheckUp = (exam: Exam) => readonly Diagnosis[];
