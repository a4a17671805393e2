import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderStatus } from "#cli/render/status-text.ts";
import type { configOptions } from "#cli/usage/config-options.ts";
import { lookTwice } from "#daemon/views/look-twice.ts";
import { viewStatus } from "#daemon/views/status-view.ts";
import { askMachine } from "./ask-machine.ts";

/** Shows headroom against the watermarks, and what each detector sees. */
export function showStatus(call: Call<typeof configOptions>): Promise<ExitCode> {
  return askMachine(call, async ({ machine, plan }): Promise<ExitCode> => {
    const view = viewStatus(await lookTwice(machine, plan), plan, machine.capabilities);
    if (call.output.isJson) call.output.record("tidemark.status/1", view);
    else call.output.print(renderStatus(view, call.output.style));
    return "done";
  });
}
