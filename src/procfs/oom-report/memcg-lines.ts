import type { OomMemcg } from "#domain/oom-report.ts";
import type { Finding, RecordKind } from "./finding.ts";
import { known, numberAfter } from "./words.ts";

const killed = " killed as a result of limit of ";
const reached = "Memory limit reached of cgroup ";
const group = "Tasks in ";
const groupEnd = " are going to be killed due to memory.oom.group set";

/** `Task in A killed as a result of limit of B`, up to Linux 4.20. */
export const limitLine: RecordKind = {
  stage: "memcg",
  begins: (text) => text.startsWith("Task in ") || text.startsWith(reached),
  goesOn: (text) => !text.includes(killed) && !text.startsWith(reached),
  read: ({ spaced, isCut }) => {
    const start = spaced.startsWith(reached) ? 0 : spaced.indexOf(killed);
    if (start < 0 || isCut) return undefined;
    const path = spaced.slice(start + (start === 0 ? reached : killed).length).trim();
    return memcgOf({ path: path === "" ? undefined : path });
  },
};

/** `memory: usage NkB, limit NkB, failcnt N`, and `memory+swap:` or `swap:` after it. */
export const usageLine: RecordKind = {
  stage: "memcg",
  begins: (text) => /^(?:memory|memory\+swap|swap): usage /.test(text),
  goesOn: (text) => !text.includes("failcnt "),
  read: ({ spaced }) => {
    const usage = numberAfter(spaced, "usage ", "kB");
    const limit = numberAfter(spaced, "limit ", "kB");
    if (spaced.startsWith("memory:")) return memcgOf({ usageKib: usage, limitKib: limit });
    return memcgOf({
      swapUsageKib: usage,
      swapLimitKib: limit,
      isSwapLimitOfBoth: spaced.startsWith("memory+swap:") ? true : undefined,
    });
  },
};

/** `Memory cgroup stats for PATH:`; the first is of the cgroup whose limit it was, since Linux 5.3 the only one. */
export const statsLine: RecordKind = {
  stage: "memcg",
  begins: (text) => text.startsWith("Memory cgroup stats"),
  read: () => memcgOf({}),
};

/** `Tasks in PATH are going to be killed due to memory.oom.group set` */
export const groupLine: RecordKind = {
  stage: "kill",
  begins: (text) => text.startsWith(group),
  goesOn: (text) => !text.includes("memory.oom.group"),
  read: ({ spaced }) => {
    const end = spaced.lastIndexOf(groupEnd);
    return end < 0 ? undefined : { kind: "facts", facts: { groupKilled: spaced.slice(group.length, end) } };
  },
};

const memcgOf = (memcg: { [K in keyof OomMemcg]: OomMemcg[K] | undefined }): Finding => ({
  kind: "facts",
  facts: { constraint: "memcg", memcg: known(memcg) as OomMemcg },
});
