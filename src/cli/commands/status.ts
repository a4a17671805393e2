import { defineCommand } from "#cli/command.ts";
import { renderStatus } from "#cli/render/status-text.ts";
import { statusNeeds } from "#daemon/views/seen.ts";
import { viewStatus } from "#daemon/views/status-view.ts";
import { askMachine } from "./ask-machine.ts";
import { configOptions } from "./config-options.ts";

/** The machine against the watermarks. */
export const status = defineCommand({
  command: "status",
  summary: "Show how much memory there is before tidemark would act",
  examples: [
    ["tidemark status", "headroom against the watermarks, stall, and who would be first"],
    ["tidemark status --set headroom.low=4GiB", "the same, if low were there"],
    ["tidemark status --json", "the same figures, for a program"],
  ],
  options: configOptions,
  run: (call) =>
    askMachine(call, ({ machine, plan }) => {
      const view = viewStatus(machine.sense({ needs: statusNeeds, isPressing: false }), plan, machine.capabilities);
      if (call.output.isJson) call.output.record("tidemark.status/1", view);
      else call.output.print(renderStatus(view, call.output.style));
      return "done";
    }),
});
