import type { ProcessFacts } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { escapeText } from "#journal/escape.ts";
import type { CheckUp, Diagnosis } from "./diagnosis.ts";

const topic = "killers";

/** Others of our kind: how the kernel names their processes, and what tells what they watch. */
const known: ReadonlyMap<string, string> = new Map([
  ["earlyoom", "available memory and free swap, by the options it was started with"],
  ["nohang", "memory, swap and pressure, by its configuration (nohang --config)"],
  ["oomd", "the cgroups its oomd.json names"],
  ["systemd-oomd", "the units with ManagedOOMSwap=kill or ManagedOOMMemoryPressure=kill (oomctl lists them)"],
  ["bustd", "available memory and pressure"],
  ["lmkd", "pressure, for Android's applications"],
]);

/** Two killers see one shortage, and take two victims. */
export const examineKillers: CheckUp = ({ snapshot }) => {
  const table = knownValue(snapshot.processes);
  if (table === undefined) return [];
  const found = table.processes.filter(
    ({ comm, isKernelThread, state }) => known.has(comm) && !isKernelThread && state !== "zombie",
  );
  if (found.length === 0) return [{ topic, severity: "fine", finding: "no other killer is running" }];
  return found.map(describeKiller);
};

function describeKiller({ comm, identity, traits }: ProcessFacts): Diagnosis {
  const started = traits.cmdline === undefined ? "" : ` (${escapeText(traits.cmdline)})`;
  return {
    topic,
    severity: "fault",
    finding: `${comm} is running, pid ${identity.pid}${started}; it watches ${known.get(comm)}`,
    consequence: "one shortage takes two victims, and the other one is not chosen by tidemark's rules",
    advice: `stop it for good: systemctl disable --now ${comm}`,
  };
}
