import type { Command } from "./command.ts";
import { autopsy } from "./commands/autopsy.ts";
import { check } from "./commands/check.ts";
import { explain } from "./commands/explain.ts";
import { run } from "./commands/run.ts";
import { simulate } from "./commands/simulate.ts";
import { status } from "./commands/status.ts";

/** Every command there is, in the order of `--help`. */
export const commands: readonly Command[] = [run, check, status, explain, simulate, autopsy];
