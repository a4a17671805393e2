import { type Call, defineCommand } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderProcess, renderRanking } from "#cli/render/ranking-text.ts";
import { viewProcess, viewRanking } from "#daemon/views/explain-view.ts";
import { rankingNeeds } from "#daemon/views/seen.ts";
import { type Asked, askMachine } from "./ask-machine.ts";
import { configOptions } from "./config-options.ts";

const options = {
  ...configOptions,
  top: { kind: "count", placeholder: "N", default: 20, summary: "Show the first N of the ranking" },
} as const;

/** Who would go first now, and why; or why one process would or would not. */
export const explain = defineCommand({
  command: "explain",
  summary: "Show who would go first now, and why",
  examples: [
    ["tidemark explain", "the ranking as it would be now, with what each score is made of"],
    ["tidemark explain 1234", "whether process 1234 could be chosen, its place, and the rules that speak of it"],
    ["tidemark explain --set policy.name=kernel", "the ranking the kernel itself would make"],
    ["tidemark explain --json --top 3", "the first three, for a program"],
  ],
  operand: { name: "PID", isRequired: false, summary: "one process, instead of the ranking of all" },
  options,
  run: (call) => {
    const { operand, output } = call;
    if (operand === undefined) return askMachine(call, (asked) => explainAll(asked, call));
    const pid = readPid(operand);
    if (pid !== undefined) return askMachine(call, (asked) => explainOne(pid, asked, call));
    output.complain(`"${operand}" is no process id: write a whole number such as 1234`);
    return "usage";
  },
});

function readPid(written: string): number | undefined {
  const pid = /^[1-9]\d*$/.test(written) ? Number(written) : undefined;
  return pid !== undefined && Number.isSafeInteger(pid) ? pid : undefined;
}

function explainAll({ machine, plan }: Asked, { given, output }: Call<typeof options>): ExitCode {
  const view = viewRanking(machine.sense({ needs: rankingNeeds, isPressing: false }), plan);
  if (!output.isJson) {
    output.print(renderRanking(view, given.top, output.style));
    return "done";
  }
  const { ranking, ...summary } = view;
  output.record("tidemark.explain/1", summary);
  for (const [at, victim] of ranking.slice(0, given.top).entries()) {
    output.record("tidemark.explain.candidate/1", { place: at + 1, ...victim });
  }
  return "done";
}

function explainOne(pid: number, { machine, plan }: Asked, { output }: Call<typeof options>): ExitCode {
  const view = viewProcess(pid, machine.sense({ needs: rankingNeeds, isPressing: false }), plan);
  if (view === undefined) {
    output.complain(`There is no process ${pid}`);
    return "no";
  }
  if (output.isJson) output.record("tidemark.explain.process/1", view);
  else output.print(renderProcess(view, output.style));
  return "done";
}
