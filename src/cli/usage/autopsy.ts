import { describeUsage } from "#cli/command.ts";

const options = {
  "kernel-log": { kind: "flag", summary: "Read what the kernel of this machine remembers, instead of a file" },
  top: { kind: "count", placeholder: "N", default: 8, summary: "Show the N names that held most memory" },
} as const;

/** A report of the kernel's own OOM killer, explained: what was short, who held it, who died and why. */
export const autopsyUsage = describeUsage({
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
});
