import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderStatus } from "#cli/render/status-text.ts";
import type { configOptions } from "#cli/usage/config-options.ts";
import { statusNeeds } from "#daemon/views/seen.ts";
import { viewStatus } from "#daemon/views/status-view.ts";
import { askMachine } from "./ask-machine.ts";

/** Shows headroom against the watermarks. */
export function showStatus(call: Call<typeof configOptions>): ExitCode {
  return askMachine(call, ({ machine, plan }) => {
    const view = viewStatus(machine.sense({ needs: statusNeeds, isPressing: false }), plan, machine.capabilities);
    if (call.output.isJson) call.output.record("tidemark.status/1", view);
    else call.output.print(renderStatus(view, call.output.style));
    return "done";
  });
}
