import type { OomConstraint, OomVictim } from "#domain/oom-report.ts";
import type { OomFacts, RecordKind } from "./finding.ts";
import { isNodeList } from "./header.ts";
import { known, numberAfter, textBetween } from "./words.ts";

const start = "oom-kill:constraint=";
const longestName = 15;

const constraints: Readonly<Record<string, OomConstraint>> = {
  CONSTRAINT_NONE: "none",
  CONSTRAINT_CPUSET: "cpuset",
  CONSTRAINT_MEMORY_POLICY: "memory-policy",
  CONSTRAINT_MEMCG: "memcg",
};

/** `oom-kill:constraint=…,nodemask=…,…,task=C,pid=N,uid=N`: the search and its result, since Linux 5.0. */
export const summaryLine: RecordKind = {
  stage: "verdict",
  begins: (text) => text.startsWith(start),
  goesOn: (text, next) => !text.includes(",uid=") && /[,=]/.test(next),
  read: ({ tight }) => ({ kind: "facts", facts: factsOf(tight) }),
};

function factsOf(text: string): OomFacts {
  const constraint = constraints[text.slice(start.length).split(",", 1)[0] ?? ""];
  const nodemask = textBetween(text, ",nodemask=", ",cpuset=") ?? textBetween(text, ",nodemask=", ",");
  const memsAllowed = /,mems_allowed=([\d,-]{1,2000}),(?:global_oom|oom_memcg=)/.exec(text)?.[1];
  const memcgPath = textBetween(text, ",oom_memcg=", ",task_memcg=");
  const { victim, before } = tailOf(text);
  const cgroup = before?.slice(before.lastIndexOf(",task_memcg=") + ",task_memcg=".length);
  return known({
    constraint,
    nodemask: nodemask !== undefined && isNodeList(nodemask) ? nodemask : undefined,
    memsAllowed: memsAllowed !== undefined && isNodeList(memsAllowed) ? memsAllowed : undefined,
    memcg: memcgPath === undefined ? undefined : { path: memcgPath },
    named: victim,
    victimMemcg: before?.includes(",task_memcg=") ? cgroup : undefined,
  });
}

/** Read from the right: paths of cgroups hold commas, and a name may hold anything. */
function tailOf(text: string): { readonly victim?: OomVictim; readonly before?: string } {
  const [tail, pid] = /,pid=([1-9]\d{0,7}),uid=\d{0,10}$/.exec(text.slice(-40)) ?? [];
  if (tail === undefined) return {};
  const rest = text.slice(0, -tail.length);
  const at = rest.indexOf(",task=", rest.length - ",task=".length - longestName);
  if (at < 0 || at + ",task=".length === rest.length) return {};
  const name = rest.slice(at + ",task=".length);
  const uid = numberAfter(tail, "uid=");
  return { victim: { pid: Number(pid), name, ...known({ uid }) }, before: rest.slice(0, at) };
}
