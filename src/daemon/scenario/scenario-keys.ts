import { machineKeys } from "./machine-keys.ts";
import { processKeys } from "./process-keys.ts";

/** Every key of every table of a scenario file: the one place where they are listed and explained. */
export const scenarioKeys = { ...machineKeys, ...processKeys } as const;

/** The keys of one table. */
export const keysOf = (table: keyof typeof scenarioKeys): readonly string[] => Object.keys(scenarioKeys[table].keys);
