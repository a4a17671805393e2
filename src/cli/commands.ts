import { type Call, type CliOptions, type Command, type CommandUsage, defineCommand } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import { autopsyUsage } from "./usage/autopsy.ts";
import { checkUsage } from "./usage/check.ts";
import { doctorUsage } from "./usage/doctor.ts";
import { explainUsage } from "./usage/explain.ts";
import { recordUsage } from "./usage/record.ts";
import { replayUsage } from "./usage/replay.ts";
import { runUsage } from "./usage/run.ts";
import { simulateUsage } from "./usage/simulate.ts";
import { statusUsage } from "./usage/status.ts";

/** Every command there is, in the order of `--help`. */
export const commands: readonly Command[] = [
  whenAsked(runUsage, async () => (await import("./commands/run.ts")).watchMachine),
  whenAsked(checkUsage, async () => (await import("./commands/check.ts")).checkSettings),
  whenAsked(doctorUsage, async () => (await import("./commands/doctor.ts")).examineMachine),
  whenAsked(statusUsage, async () => (await import("./commands/status.ts")).showStatus),
  whenAsked(explainUsage, async () => (await import("./commands/explain.ts")).explainChoice),
  whenAsked(simulateUsage, async () => (await import("./commands/simulate.ts")).simulateScenario),
  whenAsked(recordUsage, async () => (await import("./commands/record.ts")).recordToFile),
  whenAsked(replayUsage, async () => (await import("./commands/replay.ts")).replayRecording),
  whenAsked(autopsyUsage, async () => (await import("./commands/autopsy.ts")).explainLog),
];

type Run<O extends CliOptions> = (call: Call<O>) => ExitCode | Promise<ExitCode>;

/** A command whose code is loaded when it is asked for: the daemon has no use for what explains logs, nor the other way round. */
function whenAsked<O extends CliOptions>(usage: CommandUsage<O>, load: () => Promise<Run<O>>): Command {
  return defineCommand({ ...usage, run: async (call) => (await load())(call) });
}
