import type { Place } from "./source-text.ts";

/** Something in a config that has to be told to whoever wrote it. */
export interface Problem {
  /** An error refuses the config; a warning does not. */
  readonly severity: "error" | "warning";
  /** `Cannot set kill.budget to 0: it lies outside 1 to 1000; write a value from 1 to 1000` */
  readonly message: string;
  readonly place: Place;
}

/** An error. */
export const problem = (place: Place, message: string): Problem => ({ severity: "error", message, place });

/** A warning. */
export const warning = (place: Place, message: string): Problem => ({ severity: "warning", message, place });

/** Whether a config with these problems is refused. */
export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((each) => each.severity === "error");
