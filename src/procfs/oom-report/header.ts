import type { OomTrigger } from "#domain/oom-report.ts";
import type { OomScoreAdj } from "#domain/units.ts";
import type { RecordKind } from "./finding.ts";
import { known, numberAfter, wordsOf } from "./words.ts";

const invoked = " invoked oom-killer";
const longestName = 15;

/** `C invoked oom-killer: gfp_mask=…, order=…`, with which a report begins. The task is the allocator, not the victim. */
export const header: RecordKind = {
  stage: "header",
  begins: (text) => text.includes(invoked),
  goesOn: (text) => !text.includes("adj="),
  read: ({ spaced }) => {
    const at = spaced.indexOf(invoked);
    const rest = spaced.slice(at + invoked.length);
    const nodemask = nodemaskOf(rest);
    return { kind: "facts", facts: known({ trigger: triggerOf(nameAtEnd(spaced.slice(0, at)), rest), nodemask }) };
  },
};

/** `C cpuset=… mems_allowed=…`, up to Linux 4.20. */
export const cpusetLine: RecordKind = {
  stage: "trace",
  begins: (text) => text.includes(" mems_allowed=") && text.includes("cpuset=") && !text.startsWith("oom-kill:"),
  read: ({ spaced, isCut }) => {
    const list = wordsOf(spaced.slice(spaced.lastIndexOf("mems_allowed=") + "mems_allowed=".length))[0];
    const isWhole = !isCut && list !== undefined && isNodeList(list);
    return isWhole ? { kind: "facts", facts: { memsAllowed: list } } : undefined;
  },
};

/** `CPU: N PID: N Comm: C Not tainted RELEASE #N`, and older forms. */
export const traceLine: RecordKind = {
  stage: "trace",
  begins: (text) => /^(?:CPU: \d|Pid: \d)/.test(text) && text.includes("omm: "),
  goesOn: (text) => releaseOf(text) === undefined,
  read: ({ spaced }) => {
    const kernelRelease = releaseOf(spaced);
    return kernelRelease === undefined ? undefined : { kind: "facts", facts: { kernelRelease } };
  },
};

/** Whether a text is a list of nodes as the kernel prints it: `0-1,3`. */
export const isNodeList = (text: string): boolean =>
  /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?){0,500}$/.test(text);

function triggerOf(comm: string, rest: string): OomTrigger | undefined {
  const gfpMask = /^: +gfp_mask=([^, ]{1,1000}),/.exec(rest)?.[1];
  const order = numberAfter(rest, "order=");
  if (gfpMask === undefined || order === undefined || comm === "") return undefined;
  const oomScoreAdj = numberAfter(rest, "oom_score_adj=") as OomScoreAdj | undefined;
  return { comm, gfpMask, order, ...known({ oomScoreAdj, oomAdj: numberAfter(rest, "oom_adj=") }) };
}

/** A name is no longer than 15 bytes: what is longer has something before it that no rule for prefixes knows. */
function nameAtEnd(text: string): string {
  if (text.length <= longestName) return text;
  const tail = text.slice(-longestName - 2);
  const boundaries = [...tail.matchAll(/[\]:|>] |\t/g)].map(({ index, 0: { length } }) => index + length);
  return boundaries[0] === undefined ? "" : tail.slice(boundaries[0]);
}

function nodemaskOf(rest: string): string | undefined {
  const at = rest.indexOf("nodemask=");
  const list = wordsOf(rest.slice(at + "nodemask=".length))[0]?.replace(/,$/, "");
  return at < 0 || list === undefined || !isNodeList(list) ? undefined : list;
}

/** The first word of a number and a dot behind the taints. A `#` begins the version that always follows it: without it, the release may be cut. */
function releaseOf(text: string): string | undefined {
  const at = text.indexOf("ainted");
  if (at < 0) return undefined;
  const words = wordsOf(text.slice(at));
  const place = words.findIndex((word) => /^\d{1,3}\.\d/.test(word));
  return words[place + 1]?.startsWith("#") ? words[place] : undefined;
}
