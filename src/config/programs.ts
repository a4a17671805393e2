import { nameOfProgram } from "#engine/ask-by-program.ts";
import type { Loaded } from "./load.ts";
import type { WrittenGiver } from "./written-giver.ts";

/** What rules have run in place of a signal, each once, and where it is written first. */
export function programsOf({ rules, config }: Pick<Loaded, "rules" | "config">): readonly WrittenGiver[] {
  const programs = new Map<string, WrittenGiver>();
  for (const { rule, place } of rules) {
    const { run, grace: timeout = config.kill.term_grace } = rule.manner ?? {};
    const name = run && nameOfProgram(run);
    if (run === undefined || name === undefined || programs.has(name)) continue;
    programs.set(name, { giver: { name, means: { kind: "program", run }, timeout }, place });
  }
  return [...programs.values()];
}
