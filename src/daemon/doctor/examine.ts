import { insist } from "#daemon/views/seen.ts";
import { currentReserves, measureHeadroom, noReserves } from "#engine/headroom.ts";
import type { Machine } from "#machine/machine.ts";
import { examineCgroups } from "./cgroups.ts";
import type { CheckUp, Diagnosis, Exam } from "./diagnosis.ts";
import { examineKernel } from "./kernel.ts";
import { examineKillers } from "./killers.ts";
import { examineMemory } from "./memory.ts";
import { examineRights } from "./rights.ts";
import { examineSession } from "./session.ts";
import { examineSwap } from "./swap.ts";
import { examineWatermarks } from "./watermarks.ts";

const checkUps: readonly CheckUp[] = [
  examineKernel,
  examineRights,
  examineMemory,
  examineSwap,
  examineCgroups,
  examineKillers,
  examineSession,
  examineWatermarks,
];

/** What of a machine is not told by a look. */
export type Asked = Pick<Exam, "plan" | "surroundings" | "oomPolicyOf">;

/** Looks at everything that could keep tidemark from its promises. @throws SystemError without meminfo */
export function examine(machine: Machine, asked: Asked): readonly Diagnosis[] {
  const needs = ["meminfo", "swaps", "arc", "overcommit", "processes"] as const;
  const snapshot = machine.sense({ needs, isPressing: false });
  const headroom = measureHeadroom(insist(snapshot.meminfo, "meminfo"), currentReserves(snapshot, noReserves));
  return examineAll({ snapshot, headroom, capabilities: machine.capabilities, ...asked });
}

/** Every check-up of one exam, in the order in which it is told. */
export const examineAll = (exam: Exam): readonly Diagnosis[] => checkUps.flatMap((checkUp) => checkUp(exam));

/** Nothing found would keep tidemark from a promise. */
export const isHealthy = (diagnoses: readonly Diagnosis[]): boolean =>
  diagnoses.every(({ severity }) => severity !== "fault");
