import { type Call, defineCommand } from "#cli/command.ts";
import { renderAutopsy } from "#cli/render/autopsy-text.ts";
import { autopsies } from "#daemon/autopsy/autopsies.ts";
import type { LogSource } from "#daemon/autopsy/read-log.ts";

const options = {
  "kernel-log": { kind: "flag", summary: "Read what the kernel of this machine remembers, instead of a file" },
  top: { kind: "count", placeholder: "N", default: 8, summary: "Show the N names that held most memory" },
} as const;

/** A report of the kernel's own OOM killer, explained: what was short, who held it, who died and why. */
export const autopsy = defineCommand({
  command: "autopsy",
  summary: "Explain the reports of the kernel's own OOM killer in a log",
  examples: [
    ["tidemark autopsy --kernel-log", "every kill this machine's kernel still remembers"],
    ["journalctl -k | tidemark autopsy", "the same from the journal; any log text will do"],
    ["tidemark autopsy /var/log/kern.log", "a file, of this machine or another one; exit status 1 if it has no report"],
    ["tidemark autopsy --json kern.log", "everything that was read, one JSON object per report"],
  ],
  operand: { name: "FILE", isRequired: false, summary: "the log; - or nothing is the standard input" },
  options,
  run: async (call) => {
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
  },
});

/** Where to read, or what is wrong with the question. */
function chooseSource({ operand, given }: Call<typeof options>): LogSource | string {
  if (given["kernel-log"]) {
    return operand === undefined ? { kind: "kernel-log" } : 'Name a FILE or give "--kernel-log", not both';
  }
  if (operand !== undefined && operand !== "-") return { kind: "file", path: operand };
  if (operand === undefined && process.stdin.isTTY) return 'Name a FILE, give "--kernel-log", or pipe a log in';
  return { kind: "stdin" };
}

async function explainAll(source: LogSource, { given, output }: Call<typeof options>): Promise<number> {
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
