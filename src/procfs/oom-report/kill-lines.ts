import type { OomConstraint, OomVictim } from "#domain/oom-report.ts";
import type { OomScoreAdj } from "#domain/units.ts";
import type { Finding, OomFacts, RecordKind } from "./finding.ts";
import { known, numberAfter, readNumber } from "./words.ts";

const longestName = 15;

/** What may stand before `Kill process` or `Killed process`, and what it says of the search. */
const scopes: readonly (readonly [string, OomFacts])[] = [
  ["", {}],
  ["Out of memory: ", {}],
  ["Out of memory (oom_kill_allocating_task): ", { isAllocatingTaskKilled: true }],
  ["Memory cgroup out of memory: ", { constraint: "memcg" satisfies OomConstraint }],
  ["No available memory (MPOL_BIND): ", { constraint: "memory-policy" satisfies OomConstraint }],
];

/** `MSG: Kill process N (C) score N or sacrifice child`, up to Linux 5.0. */
export const choiceLine: RecordKind = {
  stage: "verdict",
  begins: (text) =>
    behindScope(text, "Kill process ") !== undefined || behindScope(text, "kill process ") !== undefined,
  goesOn: (text) => !/ (?:child|sharing same memory)$/.test(text),
  read: (record) => {
    const said = behindScope(record.spaced, "Kill process ") ?? behindScope(record.spaced, "kill process ");
    const who = said && readWho(said.text, [" score ", " sharing same memory"]);
    if (said === undefined || who === undefined) return undefined;
    if (who.rest.endsWith("sharing same memory")) return killed(who, said.facts, true);
    const score = numberAfter(who.rest, "score ");
    const isWhole = score !== undefined && /^ score \d{1,16} or (?:sacrifice |a )child$/.test(who.rest);
    if (!isWhole) return undefined;
    const isRawBadness = who.rest.endsWith(" or a child");
    const choice = { pid: who.pid, name: who.name, score, ...(isRawBadness && { isRawBadness }) };
    return { kind: "facts", facts: { ...said.facts, choice } };
  },
};

/** `Killed process N (C) total-vm:NkB, …`, in the forms of all releases. */
export const killedLine: RecordKind = {
  stage: "kill",
  begins: (text) => behindScope(text, "Killed process ") !== undefined,
  goesOn: (text, next) => !text.includes(")") || /kB|^oom_score_adj:|^\(|^UID/.test(next),
  read: (record) => {
    const said = behindScope(record.spaced, "Killed process ");
    const who = said && readWho(said.text, [" total-vm:", ", UID "]);
    if (said === undefined || who === undefined) return undefined;
    const tight = behindScope(record.tight, "Killed process ")?.text ?? "";
    return killed(
      { ...who, ...victimFigures(who.rest, tight.slice(tight.indexOf(`(${who.name})`) + who.name.length + 2)) },
      said.facts,
      false,
    );
  },
};

/** `oom_reaper: reaped process N (C), now anon-rss:NkB, file-rss:NkB, shmem-rss:NkB` */
export const reaperLine: RecordKind = {
  stage: "after",
  begins: (text) => text.startsWith(reaped),
  goesOn: (text) => numberAfter(text, "shmem-rss:", "kB") === undefined,
  read: ({ spaced, tight }) => {
    const who = readWho(spaced.slice(reaped.length), [", now "]);
    const sizes = freed.exec(spaced) ?? freed.exec(tight);
    if (who === undefined || sizes === null) return undefined;
    const [anonRssKib, fileRssKib, shmemRssKib] = sizes.slice(1).map(readNumber);
    if (anonRssKib === undefined || fileRssKib === undefined || shmemRssKib === undefined) return undefined;
    return { kind: "reaped", reaped: { pid: who.pid, name: who.name, anonRssKib, fileRssKib, shmemRssKib } };
  },
};

/** All of it, in one go: what is wrapped may have lost its other half. */
const freed = /\), now anon-rss:(\d{1,15})kB, file-rss:(\d{1,15})kB, shmem-rss:(\d{1,15})kB/;

const reaped = "oom_reaper: reaped process ";

/** Lines with which a search ends that kills nobody. */
export const endingLine: RecordKind = {
  stage: "kill",
  begins: (text) => endingOf(text) !== undefined,
  read: ({ spaced }) => {
    const ending = endingOf(spaced);
    if (ending === undefined) return undefined;
    // Without a constraint only: mm/oom_kill.c, check_panic_on_oom.
    const isOfAll = spaced.includes("system-wide panic_on_oom");
    return { kind: "facts", facts: { ending, ...(isOfAll && { constraint: "none" }) } };
  },
};

function endingOf(text: string): NonNullable<OomFacts["ending"]> | undefined {
  const said = text.replace(/^Kernel panic - not syncing: /, "");
  const isPanic = said !== text && /^(?:out of memory|system is deadlocked on memory)/i.test(said);
  if (isPanic || /^out of memory.{0,20} panic_on_oom is (?:selected|enabled)/i.test(said)) return "panicked";
  if (said.startsWith("Out of memory and no killable processes")) return "no-killable-process";
  if (/OOM victim \d{1,8} \(.{1,64}\) is already exiting\. Skip killing the task/.test(said)) {
    return "victim-already-exiting";
  }
  return undefined;
}

interface Who {
  readonly pid: number;
  readonly name: string;
  readonly uid?: number;
  /** What follows the name. */
  readonly rest: string;
}

function behindScope(text: string, verb: string): { readonly text: string; readonly facts: OomFacts } | undefined {
  const scope = scopes.find(([before]) => text.startsWith(verb, before.length) && text.startsWith(before));
  return scope && { text: text.slice(scope[0].length + verb.length), facts: scope[1] };
}

/** `N (C)`, and `N, UID N, (C)` of RHEL 6. A name may hold brackets itself: it ends where what comes next begins. */
function readWho(text: string, followers: readonly string[]): Who | undefined {
  const [start, pid, uid] = /^([1-9]\d{0,7})(?:, UID (0|[1-9]\d{0,9}),)? \(/.exec(text) ?? [];
  if (start === undefined) return undefined;
  const ends = followers.map((follower) => text.indexOf(`)${follower}`, start.length)).filter((at) => at >= 0);
  const end = ends.length > 0 ? Math.min(...ends) : text.lastIndexOf(")", start.length + longestName);
  if (end <= start.length || end - start.length > longestName * "\\xHH".length) return undefined;
  const name = text.slice(start.length, end);
  return {
    pid: Number(pid),
    name,
    rest: text.slice(end + 1),
    ...known({ uid: uid === undefined ? undefined : Number(uid) }),
  };
}

function victimFigures(spaced: string, tight: string): Partial<OomVictim> {
  // What follows a name that was wrapped may be the rest of another line.
  if (![spaced, tight].some((rest) => /^(?:, UID \d{1,10},)? {0,2}total-vm:/.test(rest))) return {};
  const kib = (key: string) => numberAfter(spaced, key, "kB") ?? numberAfter(tight, key, "kB");
  return known({
    uid: numberAfter(spaced, "UID:") ?? numberAfter(spaced, "UID "),
    totalVmKib: kib("total-vm:"),
    anonRssKib: kib("anon-rss:"),
    fileRssKib: kib("file-rss:"),
    shmemRssKib: kib("shmem-rss:"),
    pgtablesKib: kib("pgtables:"),
    oomScoreAdj: numberAfter(spaced, "oom_score_adj:") as OomScoreAdj | undefined,
  });
}

function killed({ rest: _, ...victim }: Who, facts: OomFacts, isSharer: boolean): Finding {
  return { kind: "killed", victim, facts, isSharer };
}
