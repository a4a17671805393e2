import type { Surroundings } from "#domain/surroundings.ts";
import { readSurroundings } from "#linux/surroundings.ts";
import { readUnitOomPolicy } from "#linux/unit-oom-policy.ts";
import type { Exam } from "./diagnosis.ts";

/** What no look tells, asked of this machine. */
export const askAround = (): { readonly surroundings: Surroundings } & Pick<Exam, "oomPolicyOf"> => ({
  surroundings: readSurroundings(""),
  oomPolicyOf: readUnitOomPolicy,
});
