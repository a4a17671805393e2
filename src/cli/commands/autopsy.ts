import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderAutopsy } from "#cli/render/autopsy-text.ts";
import type { autopsyUsage } from "#cli/usage/autopsy.ts";
import { autopsies } from "#daemon/autopsy/autopsies.ts";
import type { LogSource } from "#daemon/autopsy/read-log.ts";

type AutopsyCall = Call<typeof autopsyUsage.options>;

/** Explains every report of a log; the answer is "no" when there is none. */
export async function explainLog(call: AutopsyCall): Promise<ExitCode> {
  const source = chooseSource(call);
  if (typeof source === "string") {
    call.output.complain(source);
    return "usage";
  }
  const found = await explainAll(source, call);
  if (found > 0) return "done";
  const say = call.output.isJson ? call.output.complain : call.output.print;
  say(`There is no report of the kernel's OOM killer in ${describe(source)}.`);
  return "no";
}

/** Where to read, or what is wrong with the question. */
function chooseSource({ operand, given }: AutopsyCall): LogSource | string {
  if (given["kernel-log"]) {
    return operand === undefined ? { kind: "kernel-log" } : 'Name a FILE or give "--kernel-log", not both';
  }
  if (operand !== undefined && operand !== "-") return { kind: "file", path: operand };
  if (operand === undefined && process.stdin.isTTY) return 'Name a FILE, give "--kernel-log", or pipe a log in';
  return { kind: "stdin" };
}

async function explainAll(source: LogSource, { given, output }: AutopsyCall): Promise<number> {
  let found = 0;
  for await (const view of autopsies(source)) {
    found += 1;
    if (output.isJson) output.record("tidemark.autopsy/1", view);
    else output.print(renderAutopsy(view, { number: found, top: given.top, style: output.style }));
    if (!(await output.drained())) break;
  }
  return found;
}

function describe(source: LogSource): string {
  switch (source.kind) {
    case "file":
      return `"${source.path}"`;
    case "stdin":
      return "the standard input";
    case "kernel-log":
      return "what the kernel remembers; an older one may be in the journal: journalctl -k | tidemark autopsy";
  }
}
