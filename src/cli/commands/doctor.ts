import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderDiagnoses } from "#cli/render/doctor-text.ts";
import type { configOptions } from "#cli/usage/config-options.ts";
import { askAround } from "#daemon/doctor/ask-around.ts";
import { examine, isHealthy } from "#daemon/doctor/examine.ts";
import { askMachine } from "./ask-machine.ts";

/** Tells what would keep tidemark from its promises here, and what to do about it. */
export function examineMachine(call: Call<typeof configOptions>): Promise<ExitCode> {
  return askMachine(call, ({ machine, plan }): ExitCode => {
    const { output } = call;
    const diagnoses = examine(machine, { plan, ...askAround() });
    if (output.isJson) {
      output.record("tidemark.doctor/1", { healthy: isHealthy(diagnoses) });
      for (const diagnosis of diagnoses) output.record("tidemark.doctor.diagnosis/1", diagnosis);
    } else {
      output.print(renderDiagnoses(diagnoses, output.style));
    }
    return isHealthy(diagnoses) ? "done" : "no";
  });
}
