import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderRules } from "#cli/render/check-text.ts";
import { renderProcess, renderRanking } from "#cli/render/ranking-text.ts";
import type { explainUsage } from "#cli/usage/explain.ts";
import { chooseScope } from "#daemon/scope/choose-scope.ts";
import type { AskedScope } from "#daemon/scope/scope-reading.ts";
import { countMatches } from "#daemon/views/check-view.ts";
import { viewProcess, viewRanking } from "#daemon/views/explain-view.ts";
import { rankingNeeds } from "#daemon/views/seen.ts";
import { type Asked, askMachine } from "./ask-machine.ts";

type ExplainCall = Call<typeof explainUsage.options>;

/** Shows the ranking as it would be now, or the place of one process in it. */
export function explainChoice(call: ExplainCall): ExitCode | Promise<ExitCode> {
  const { operand, given, output } = call;
  if (given.rules) return explainRules(call);
  if (operand === undefined) return askScope(call, (asked) => explainAll(asked, call));
  const pid = readPid(operand);
  if (pid !== undefined) return askScope(call, (asked) => explainOne(pid, asked, call));
  output.complain(`"${operand}" is no process id: write a whole number such as 1234`);
  return "usage";
}

function explainRules(call: ExplainCall): ExitCode | Promise<ExitCode> {
  const { operand, output } = call;
  if (operand !== undefined) {
    output.complain(`--rules is about all processes: leave "${operand}" out, its own rules are shown without --rules`);
    return "usage";
  }
  return askMachine(call, ({ machine, plan }) => {
    const counts = countMatches(plan, machine.sense({ needs: rankingNeeds, isPressing: false }));
    if (!output.isJson) output.print(renderRules(counts, output.style));
    else for (const count of counts) output.record("tidemark.explain.rule/1", count);
    return "done";
  });
}

function readPid(written: string): number | undefined {
  const pid = /^[1-9]\d*$/.test(written) ? Number(written) : undefined;
  return pid !== undefined && Number.isSafeInteger(pid) ? pid : undefined;
}

interface AskedInScope extends Asked {
  readonly asked: AskedScope;
}

/** Asks about the OOM that is meant; where there can be none such, it is said what there is. */
function askScope(call: ExplainCall, answer: (asked: AskedInScope) => ExitCode): Promise<ExitCode> {
  return askMachine(call, (inForce) => {
    const reading = chooseScope(call.given, inForce.machine);
    if (reading.kind === "scope") return answer({ ...inForce, asked: reading });
    call.output.complain(reading.text);
    return reading.trouble;
  });
}

function explainAll({ machine, plan, asked }: AskedInScope, { given, output }: ExplainCall): ExitCode {
  const view = viewRanking(machine.sense({ needs: rankingNeeds, isPressing: false }), plan, asked);
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

function explainOne(pid: number, { machine, plan, asked }: AskedInScope, { output }: ExplainCall): ExitCode {
  const view = viewProcess(pid, machine.sense({ needs: rankingNeeds, isPressing: false }), { plan, asked });
  if (view === undefined) {
    output.complain(`There is no process ${pid}`);
    return "no";
  }
  if (output.isJson) output.record("tidemark.explain.process/1", view);
  else output.print(renderProcess(view, output.style));
  return "done";
}
