import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { configChoice, type configOptions } from "#cli/usage/config-options.ts";
import { composeLinux } from "#daemon/compose.ts";
import { type PlanInForce, readPlan } from "#daemon/plan-reading.ts";
import type { Machine } from "#machine/machine.ts";

/** This machine, and the plan the daemon would run on. */
export interface Asked extends PlanInForce {
  readonly machine: Machine;
}

/** Asks the machine something, under the settings the daemon would use; refused settings end it. Nobody is signalled. */
export async function askMachine(
  { given, output }: Pick<Call<typeof configOptions>, "given" | "output">,
  answer: (asked: Asked) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  using machine = composeLinux();
  const reading = readPlan(configChoice(given), machine);
  if (reading.kind === "plan") return await answer({ ...reading, machine });
  output.complain(reading.text.trimEnd());
  return "config";
}
