import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderProcess, renderRanking } from "#cli/render/ranking-text.ts";
import type { explainUsage } from "#cli/usage/explain.ts";
import { viewProcess, viewRanking } from "#daemon/views/explain-view.ts";
import { rankingNeeds } from "#daemon/views/seen.ts";
import { type Asked, askMachine } from "./ask-machine.ts";

type ExplainCall = Call<typeof explainUsage.options>;

/** Shows the ranking as it would be now, or the place of one process in it. */
export function explainChoice(call: ExplainCall): ExitCode {
  const { operand, output } = call;
  if (operand === undefined) return askMachine(call, (asked) => explainAll(asked, call));
  const pid = readPid(operand);
  if (pid !== undefined) return askMachine(call, (asked) => explainOne(pid, asked, call));
  output.complain(`"${operand}" is no process id: write a whole number such as 1234`);
  return "usage";
}

function readPid(written: string): number | undefined {
  const pid = /^[1-9]\d*$/.test(written) ? Number(written) : undefined;
  return pid !== undefined && Number.isSafeInteger(pid) ? pid : undefined;
}

function explainAll({ machine, plan }: Asked, { given, output }: ExplainCall): ExitCode {
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

function explainOne(pid: number, { machine, plan }: Asked, { output }: ExplainCall): ExitCode {
  const view = viewProcess(pid, machine.sense({ needs: rankingNeeds, isPressing: false }), plan);
  if (view === undefined) {
    output.complain(`There is no process ${pid}`);
    return "no";
  }
  if (output.isJson) output.record("tidemark.explain.process/1", view);
  else output.print(renderProcess(view, output.style));
  return "done";
}
