import type { Withheld } from "#domain/finding.ts";
import { describeSize, describeSpan } from "./amounts.ts";
import { always, defineEvent, type EventDeclaration, type FieldsOf, perhaps, together } from "./event.ts";
import {
  alarm,
  type ChoiceFields,
  choice,
  failure,
  failurePerhaps,
  identity,
  reaping,
  victim,
} from "./field-groups.ts";
import { because, counted, failed, inMemcg, rankedAmong, reaped, whom } from "./phrases.ts";

const nothing = "Nothing.";

/** Every event there is. Names and message ids are for good: renaming one breaks the filters of operators. */
export const catalogue = {
  "daemon.started": defineEvent({
    messageId: "274f0e9ccbd74257bf54173f9f601f04",
    level: "info",
    fields: always("version", "pid", "kernel_release", "architecture", "dry_run"),
    sentence: (f) =>
      `tidemark ${f.version} starts as process ${f.pid} on Linux ${f.kernel_release} ${f.architecture}` +
      (f.dry_run ? "; dry run: nobody will be signalled" : ""),
    operator: nothing,
  }),
  "daemon.ready": defineEvent({
    messageId: "41f3cec760184ac3909c18fbe1ddcec4",
    level: "info",
    fields: together(perhaps("headroom_kib"), always("min_kib", "low_kib", "high_kib", "policy", "rules", "took_ms")),
    sentence: (f) =>
      `Watching: ${f.headroom_kib === undefined ? "headroom unknown" : `headroom ${describeSize(f.headroom_kib)}`}; min ${describeSize(f.min_kib)}, low ${describeSize(f.low_kib)}, ` +
      `high ${describeSize(f.high_kib)}; policy ${f.policy}, ${counted(f.rules, "rule")}; ready after ${describeSpan(f.took_ms)}`,
    operator: nothing,
  }),
  "daemon.settled": defineEvent({
    messageId: "b4b0d9c7e2a64f5c8e0f6a1d73f2c518",
    level: "info",
    fields: always("resident_kib", "locked_kib", "given_back_kib", "rehearsals", "took_ms"),
    sentence: (f) =>
      `Holds ${describeSize(f.resident_kib)}, ${describeSize(f.locked_kib)} of it locked; ` +
      `gave ${describeSize(f.given_back_kib)} of its start back, and rehearsed ${counted(f.rehearsals, "kill")}`,
    operator: nothing,
  }),
  "daemon.stopped": defineEvent({
    messageId: "28d8ec27a0e04bf7a610b2cd7a0c5d08",
    level: "info",
    fields: always("why", "uptime_ms", "kills"),
    sentence: (f) =>
      `Goodbye: ${f.why} after ${describeSpan(f.uptime_ms)}, ${counted(f.kills, "kill")}; nobody watches memory now`,
    operator: "Nothing, if it was you; otherwise see who stopped the service.",
  }),
  "daemon.failed": defineEvent({
    messageId: "580f10469bcc48e18900df77057c7de0",
    level: "error",
    fields: together(always("why"), failurePerhaps),
    sentence: (f) => `Cannot go on: ${f.why}${failed(f)}`,
    operator: "Report it with the lines before it; the service manager starts tidemark again.",
  }),
  "recording.ended": defineEvent({
    messageId: "aab2f672fda54e8684936bf0207c67a8",
    level: "info",
    fields: always("file", "looks", "size_kib"),
    sentence: (f) => `Recorded ${counted(f.looks, "look")} to ${f.file}, ${describeSize(f.size_kib)}`,
    operator: "See what is in it with `tidemark replay FILE`.",
  }),
  "recording.lost": defineEvent({
    messageId: "c89fd82f03fc48f08d5dc849f470ccb8",
    level: "warn",
    fields: always("file", "why"),
    sentence: (f) => `The recording to ${f.file} has ended: ${f.why}; memory is watched as before`,
    operator: "Nothing, or begin another: what was recorded until then can be replayed.",
  }),
  "capability.missing": defineEvent({
    messageId: "2912feba9b874e2084feda2362616d48",
    level: "warn",
    fields: always("capability", "consequence", "advice"),
    sentence: (f) => `No ${f.capability}: ${f.consequence}; ${f.advice}`,
    operator: "Follow the advice, or accept the consequence.",
  }),
  "kernel.unusual": defineEvent({
    messageId: "ae7d797b1230410c945a2d0179a4d94b",
    level: "warn",
    fields: always("sysctl", "sysctl_value", "consequence", "advice"),
    sentence: (f) => `${f.sysctl} is ${f.sysctl_value}: ${f.consequence}; ${f.advice}`,
    operator: "Follow the advice, or accept the consequence.",
  }),
  "protection.degraded": defineEvent({
    messageId: "7e06da7787554482adbeebc84b69ada2",
    level: "warn",
    fields: together(always("protection"), failure),
    sentence: (f) => `Runs without ${f.protection}${failed(f)}`,
    operator: "Follow the advice: without it tidemark may be slow, or die, when memory is short.",
    repeats: (f) => `${f.protection} ${f.errno}`,
  }),
  "config.loaded": defineEvent({
    messageId: "de34a5765bc247df82a1c5ba4c0adc61",
    level: "info",
    fields: always("files", "policy", "rules"),
    sentence: (f) =>
      `Configuration from ${listed(f.files, "built-in defaults")}: policy ${f.policy}, ${counted(f.rules, "rule")}`,
    operator: nothing,
  }),
  "config.reloaded": defineEvent({
    messageId: "37ae0e51df5f4d5aaac909c55f5593db",
    level: "info",
    fields: always("files", "policy", "rules"),
    sentence: (f) =>
      `New configuration in force from ${listed(f.files, "built-in defaults")}: policy ${f.policy}, ${counted(f.rules, "rule")}`,
    operator: nothing,
  }),
  "machine.resized": defineEvent({
    messageId: "c94f746b35254ab9a75afa0cff24eef1",
    level: "info",
    fields: always("ram_kib", "min_kib", "low_kib", "high_kib"),
    sentence: (f) =>
      `This machine has ${describeSize(f.ram_kib)} of RAM now: min ${describeSize(f.min_kib)}, ` +
      `low ${describeSize(f.low_kib)}, high ${describeSize(f.high_kib)}`,
    operator: nothing,
  }),
  "config.refused": defineEvent({
    messageId: "c50572ba407946b58666c7efe7aefc3e",
    level: "warn",
    fields: always("problems"),
    sentence: (f) => `New configuration refused, the last good one stays in force: ${f.problems.join("; ")}`,
    operator: "Run `tidemark check`, mend what it shows, reload again.",
  }),
  "config.waiting": defineEvent({
    messageId: "5f0e1d7ab3c94c0f9d3a86e2b4170c95",
    level: "info",
    fields: always("waits_at_most_ms"),
    sentence: (f) =>
      `The settings are read when the alarm is over, or in ${describeSpan(f.waits_at_most_ms)}: reading them takes memory`,
    operator: nothing,
  }),
  "config.advised": defineEvent({
    messageId: "cab6b1cfbf9e468d9890412b145a2671",
    level: "warn",
    fields: always("advice"),
    sentence: (f) => `The configuration may not do what it seems to: ${f.advice}`,
    operator: "Run `tidemark check`; it shows the place.",
  }),
  "alarm.raised": defineEvent({
    messageId: "4c0605dc73504fee8c2420dc392bcaba",
    level: "warn",
    fields: alarm,
    sentence: (f) => `Alarm ${f.alarm_kind}: ${because(f)}`,
    operator: "Close what you do not need, before tidemark has to choose.",
  }),
  "alarm.changed": defineEvent({
    messageId: "988eb918b2fa4d22bd3ce3eab7087246",
    level: "warn",
    fields: together(always("from_kind"), alarm),
    sentence: (f) => `Alarm ${f.alarm_kind}, was ${f.from_kind}: ${because(f)}`,
    operator: "Close what you do not need, before tidemark has to choose.",
  }),
  "alarm.cleared": defineEvent({
    messageId: "a3b83019775b404e82d860e4d40c8c9d",
    level: "info",
    fields: together(always("from_kind", "lasted_ms", "headroom_kib"), perhaps("scope_memcg")),
    sentence: (f) =>
      `Alarm over: ${inMemcg(f)}headroom ${describeSize(f.headroom_kib)}, was ${f.from_kind} for ${describeSpan(f.lasted_ms)}`,
    operator: nothing,
  }),
  "kill.withheld": defineEvent({
    messageId: "268ebab6cbc242be9800f174abeb55f1",
    level: "info",
    fields: together(alarm, always("withheld_why")),
    sentence: (f) => `Nobody is signalled: ${withheldText[f.withheld_why]}; alarm ${f.alarm_kind}: ${because(f)}`,
    operator: "Nothing, unless it says that nobody is eligible: then the rules protect too much.",
    repeats: (f) => `${f.withheld_why} ${f.alarm_kind} ${f.scope_memcg ?? ""}`,
  }),
  "kill.rehearsed": defineEvent({
    messageId: "dac0872c60a945e0879d342d46d9d49b",
    level: "info",
    fields: together(choice, perhaps("program", "grace_ms")),
    sentence: (f) => `Would ${bidding(f)}${withGroup(f)}, dry run: ${because(f)}; ${rankedAmong(f)}`,
    operator: "If it is the wrong one, write a rule and look with `tidemark explain`.",
    repeats: (f) => `${f.signal} ${f.pid}@${f.start_ticks}`,
  }),
  "victim.signalled": defineEvent({
    messageId: "d5d3dc8333b14de1804a231f852d8417",
    level: "warn",
    fields: together(choice, always("sharers", "sharing", "waited_ms"), perhaps("group")),
    sentence: (f) => `Sent ${f.signal} to ${whom(f)}${withSharers(f)}${withGroup(f)}: ${because(f)}; ${rankedAmong(f)}`,
    operator: "If it is the wrong one, write a rule for it; if it comes often, add memory or swap.",
  }),
  "victim.asked": defineEvent({
    messageId: "3c6af767ae6d4d3bbcfea870fc6e9c7f",
    level: "warn",
    fields: together(choice, always("program", "grace_ms")),
    sentence: (f) => `Runs ${f.program} for ${whom(f)}${withGroup(f)}: ${because(f)}; ${rankedAmong(f)}`,
    operator: "If it is the wrong one, write a rule for it; what the program came to is written when it ends.",
  }),
  "program.ended": defineEvent({
    messageId: "75a7795de88742f8a9e7388728528846",
    level: "info",
    fields: together(
      always("program"),
      identity,
      always("comm", "took_ms", "ended"),
      perhaps("output", "output_bytes"),
    ),
    sentence: (f) =>
      `${f.program}, run for ${f.pid} (${f.comm}), ended well after ${describeSpan(f.took_ms)}${withOutput(f)}`,
    operator: nothing,
  }),
  "program.failed": defineEvent({
    messageId: "9f3b32ef2bab4ed782c7ff8ffc96a30e",
    level: "warn",
    fields: together(
      always("program"),
      identity,
      always("comm", "took_ms", "ended"),
      perhaps("output", "output_bytes"),
    ),
    sentence: (f) =>
      `After ${describeSpan(f.took_ms)}: ${f.program}, run for ${f.pid} (${f.comm}), ${giverEndText[f.ended] ?? `failed (${f.ended})`}${withOutput(f)}`,
    operator:
      "Run it by hand as root, with the variables it finds; `tidemark check` says whether it can be run at all.",
    repeats: (f) => `${f.program} ${f.ended}`,
  }),
  "victim.escalated": defineEvent({
    messageId: "5db88e0fab1545d8964c21abf7e1b260",
    level: "warn",
    fields: together(alarm, victim, always("trigger", "signal", "sharers", "sharing")),
    sentence: (f) => `Sent ${f.signal} to ${whom(f)}${withSharers(f)}: ${escalationText[f.trigger]}; ${because(f)}`,
    operator: "Nothing; a longer term grace gives it more time to save its work.",
  }),
  "victim.adopted": defineEvent({
    messageId: "62cd991152564887983bde50cfd504c2",
    level: "info",
    fields: together(alarm, victim),
    sentence: (f) =>
      `Waits for ${whom(f)}, which is dying by itself and gives back ${describeSize(f.returns_kib)}: ${because(f)}`,
    operator: nothing,
  }),
  "victim.refused": defineEvent({
    messageId: "2672b498784c47e982555fb8c4ad98b0",
    level: "warn",
    fields: together(identity, perhaps("comm"), always("why"), failurePerhaps),
    sentence: (f) =>
      `Left ${f.pid}${f.comm === undefined ? "" : ` (${f.comm})`} alone: ${refusalText(f.why)}${failed(f)}`,
    operator: "Nothing, unless a call failed: then follow its advice.",
    repeats: (f) => `${f.pid}@${f.start_ticks} ${f.why}`,
  }),
  "victim.exited": defineEvent({
    messageId: "a182de28c3024aac8e61479d90b5e3c6",
    level: "info",
    fields: together(victim, always("after_ms"), reaping),
    sentence: (f) => `${whom(f)} is gone ${describeSpan(f.after_ms)} after the signal, its memory ${reaped(f)}`,
    operator: nothing,
  }),
  "victim.reaped": defineEvent({
    messageId: "b57dcb5a82714a64afa47607c7bbf773",
    level: "info",
    fields: together(victim, always("after_ms"), reaping),
    sentence: (f) => `${describeSpan(f.after_ms)} after the signal to ${whom(f)} its memory is ${reaped(f)}`,
    operator: nothing,
  }),
  "victim.skipped": defineEvent({
    messageId: "74aa09179f604028a25fb854868aa0ed",
    level: "warn",
    fields: together(victim, always("after_ms", "skipped_why"), failurePerhaps),
    sentence: (f) => `Gave ${whom(f)} up after ${describeSpan(f.after_ms)}: ${refusalText(f.skipped_why)}${failed(f)}`,
    operator: "See what holds it: a process in uninterruptible sleep waits for a disk or a network file system.",
    repeats: (f) => `${f.pid}@${f.start_ticks} ${f.skipped_why}`,
  }),
  "victim.spared": defineEvent({
    messageId: "3183fae0197e48d2b248705bbc264121",
    level: "info",
    fields: together(victim, always("after_ms")),
    sentence: (f) =>
      `${whom(f)} lives on: ${describeSpan(f.after_ms)} after it was asked to end, memory is plenty without it`,
    operator: nothing,
  }),
  "memory.back": defineEvent({
    messageId: "559cfedf2fa240e18a97fb9d8d9da5a7",
    level: "info",
    fields: together(victim, always("after_ms", "freed_kib", "expected_kib")),
    sentence: (f) =>
      `Memory of ${whom(f)} is back: ${describeSize(f.freed_kib)} of ${describeSize(f.expected_kib)} expected, ` +
      `${describeSpan(f.after_ms)} after the signal`,
    operator: nothing,
  }),
  "memory.late": defineEvent({
    messageId: "456f615d1788420ab2978dc2fe3862f1",
    level: "warn",
    fields: together(victim, always("after_ms", "freed_kib", "expected_kib")),
    sentence: (f) =>
      `Memory of ${whom(f)} is not back ${describeSpan(f.after_ms)} after the signal: ${describeSize(f.freed_kib)} of ` +
      `${describeSize(f.expected_kib)} expected`,
    operator: "See whether somebody else took it at once, or shared memory and tmpfs hold it.",
  }),
  "giver.asked": defineEvent({
    messageId: "51d90b39f09b42548d37a7eff5276bd2",
    level: "info",
    fields: together(alarm, always("giver", "wanted_kib")),
    sentence: (f) => `Asks ${f.giver} for memory, ${describeSize(f.wanted_kib)} are missing: ${because(f)}`,
    operator: nothing,
  }),
  "giver.rehearsed": defineEvent({
    messageId: "2e4facd7576c4a6f8dadd9b353585152",
    level: "info",
    fields: together(alarm, always("giver", "wanted_kib")),
    sentence: (f) => `Would ask ${f.giver} for memory, dry run: ${because(f)}`,
    operator: nothing,
    repeats: (f) => f.giver,
  }),
  "giver.gave": defineEvent({
    messageId: "db05b7d2177848bbafbe78d1c28dcfbe",
    level: "info",
    fields: together(always("giver", "freed_kib", "took_ms", "ended"), perhaps("output", "output_bytes")),
    sentence: (f) =>
      `${f.giver} gave ${f.freed_kib === 0 ? "nothing" : describeSize(f.freed_kib)} in ${describeSpan(f.took_ms)}${withOutput(f)}`,
    operator: "If it never gives anything, remove it: asking costs time before each kill.",
  }),
  "giver.failed": defineEvent({
    messageId: "52dc607e1bfa4817ad7aca23dca315ba",
    level: "warn",
    fields: together(always("giver", "freed_kib", "took_ms", "ended"), perhaps("output", "output_bytes")),
    sentence: (f) =>
      `${f.giver} ${giverEndText[f.ended] ?? `failed (${f.ended})`} after ${describeSpan(f.took_ms)}, ` +
      `${f.freed_kib === 0 ? "nothing" : describeSize(f.freed_kib)} came back meanwhile${withOutput(f)}`,
    operator: "Run it by hand as the user it runs as; `tidemark check` says whether it can be run at all.",
    repeats: (f) => `${f.giver} ${f.ended}`,
  }),
  "giver.lacking": defineEvent({
    messageId: "0c1e98606cf04b0dbc11695ba21f6f12",
    level: "warn",
    fields: together(always("giver"), failure),
    sentence: (f) => `${f.giver} will not be asked when memory is short${failed(f)}`,
    operator: "Follow the advice, then reload.",
    repeats: (f) => `${f.giver} ${f.errno}`,
  }),
  "givers.enough": defineEvent({
    messageId: "c6ca742b863e4aefbff7cd908b1a4723",
    level: "info",
    fields: always("asked", "freed_kib", "took_ms", "headroom_kib"),
    sentence: (f) =>
      `Freed enough, nobody has to go: ${describeSize(f.freed_kib)} in ${describeSpan(f.took_ms)} ` +
      `after ${counted(f.asked, "giver")} asked; headroom ${describeSize(f.headroom_kib)}`,
    operator: nothing,
  }),
  "givers.short": defineEvent({
    messageId: "13c5824e00a04f039c106ca9617c81bb",
    level: "info",
    fields: always("asked", "freed_kib", "took_ms", "headroom_kib", "why"),
    sentence: (f) =>
      `${chainEndText[f.why] ?? f.why}: ${describeSize(f.freed_kib)} in ${describeSpan(f.took_ms)} ` +
      `after ${counted(f.asked, "giver")} asked; headroom ${describeSize(f.headroom_kib)}`,
    operator: "Nothing; a giver that gives more, or sooner, may save the next victim.",
  }),
  "group.refused": defineEvent({
    messageId: "608ac92cf6f54799b5d24714b839562c",
    level: "warn",
    fields: together(identity, always("group_memcg", "comm")),
    sentence: (f) => `Nobody in memcg ${f.group_memcg} is chosen: it dies as a whole, and ${whom(f)} in it must live`,
    operator: "Nothing, if it is to live; otherwise take the rule back, or write 0 into the memcg's memory.oom.group.",
    repeats: (f) => `${f.group_memcg} ${f.pid}`,
  }),
  "memcg.watched": defineEvent({
    messageId: "8a4eebbbf1344521922145bdd2e21797",
    level: "info",
    fields: together(always("scope_memcg"), perhaps("limit_kib")),
    sentence: (f) =>
      `Watches memcg ${f.scope_memcg}${f.limit_kib === undefined ? "" : `, which may hold ${describeSize(f.limit_kib)}`}`,
    operator: nothing,
    repeats: (f) => f.scope_memcg,
  }),
  "memcg.unwatched": defineEvent({
    messageId: "6aa17f4ecd23414e878cbf55846dcf24",
    level: "warn",
    fields: together(always("scope_memcg", "standing"), perhaps("limit_kib")),
    sentence: (f) =>
      `Does not watch memcg ${f.scope_memcg}: ${standingText[f.standing]}` +
      (f.limit_kib === undefined ? "" : ` of ${describeSize(f.limit_kib)}`),
    operator: "Nothing, if it comes later; otherwise correct its path, its limit, or its watermarks.",
    repeats: (f) => `${f.scope_memcg} ${f.standing}`,
  }),
  "look.missed": defineEvent({
    messageId: "12a245cfa16e4eda833fa96c86d5a1ee",
    level: "info",
    fields: always("late_ms", "slept_ms"),
    sentence: (f) =>
      `Nobody looked for ${describeSpan(f.late_ms)} longer than planned` +
      `${f.slept_ms === 0 ? "" : `, and the machine slept for ${describeSpan(f.slept_ms)}`}: ` +
      "what was measured before counts no more",
    operator: "Nothing after a suspend or a pause; if it comes often, something keeps tidemark from running.",
    repeats: () => "",
  }),
  "sensor.lost": defineEvent({
    messageId: "2fac2245fdc34653807b0d72d6d47e0b",
    level: "warn",
    fields: together(always("fact"), failure),
    sentence: (f) => `Decides without ${f.fact}${failed(f)}`,
    operator: "Follow the advice; what needs this sensor is silent until it is back.",
    repeats: (f) => `${f.fact} ${f.errno}`,
  }),
  "sensor.back": defineEvent({
    messageId: "d74346f8e60b45bda6eb93b14fc8a804",
    level: "info",
    fields: always("fact"),
    sentence: (f) => `Reads ${f.fact} again`,
    operator: nothing,
    repeats: (f) => f.fact,
  }),
  "read.hung": defineEvent({
    messageId: "c8a32093823a43c99eecacdbc6850001",
    level: "warn",
    fields: failure,
    sentence: (f) => `Does not wait for a process that holds its memory locked${failed(f)}`,
    operator: "Nothing: rules by cmdline do not know it until it answers; see what it waits for.",
    repeats: (f) => f.subject,
  }),
  "table.incomplete": defineEvent({
    messageId: "e1f05ccf7ede43ccbbf1b8742dd9ea62",
    level: "warn",
    fields: failurePerhaps,
    sentence: (f) => `Some processes cannot be seen, the ranking knows only a part of them${failed(f)}`,
    operator: "Run as root, or give the service the group that procfs is mounted with (gid=).",
    repeats: (f) => f.errno ?? "",
  }),
  "journal.dropped": defineEvent({
    messageId: "87de9216cb0044d2b55845f87005cb9b",
    level: "warn",
    fields: always("dropped"),
    sentence: (f) => `Lost ${counted(f.dropped, "line")} of this journal: its reader was too slow`,
    operator: "Nothing: tidemark never waits for its own log.",
  }),
  "look.taken": defineEvent({
    messageId: "b7a2bdcee0384e9eb9ef0988ac59c26d",
    level: "debug",
    fields: together(
      always("took_ms", "next_look_ms"),
      perhaps("headroom_kib", "available_kib", "swap_free_kib", "alarm_kind"),
    ),
    sentence: (f) =>
      `Looked in ${describeSpan(f.took_ms)}${f.headroom_kib === undefined ? "" : `: headroom ${describeSize(f.headroom_kib)}`}` +
      `; again in ${describeSpan(f.next_look_ms)}`,
    operator: nothing,
  }),
} as const;

/** The stable name of an event: renaming one breaks whoever listens for it. */
export type EventName = keyof typeof catalogue;
/** The fields an event must be given, by its name. */
export type EventFields<N extends EventName> = FieldsOf<(typeof catalogue)[N]>;

/** What is declared of an event, typed so that its name and its fields belong together. */
export const declarationOf = <N extends EventName>(event: N): EventDeclaration<EventFields<N>> => declarations[event];

const declarations: { readonly [N in EventName]: EventDeclaration<EventFields<N>> } = catalogue;

const listed = (files: readonly string[], otherwise: string): string =>
  files.length === 0 ? otherwise : files.join(", ");

const namedSharers = 8;

function withSharers({ sharers, sharing }: { readonly sharers: readonly number[]; readonly sharing: number }): string {
  if (sharing === 0) return "";
  const named = sharers.slice(0, namedSharers);
  const more = sharing - named.length;
  return ` and ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}, which share its memory`;
}

interface WithGroup {
  readonly kill_unit?: "memcg" | "app" | "family" | undefined;
  readonly group_memcg?: string | undefined;
  readonly group_processes?: number | undefined;
  readonly family_young?: number | undefined;
}

function withGroup({ kill_unit, group_memcg: memcg, group_processes: others = 0, family_young }: WithGroup): string {
  if (kill_unit === undefined) return "";
  if (kill_unit === "memcg") return ` and all ${others} others of memcg ${memcg}, which dies as a whole`;
  if (kill_unit === "app") return ` and ${counted(others, "other")} of its application`;
  return ` and ${counted(others, "other")} of its family${family_young === undefined ? "" : ", which forks faster than one can be killed"}`;
}

const withheldText: Readonly<Record<Withheld, string>> = {
  recovering: "the evidence is gone, and the alarm ends when high is reached",
  "memory-returning": "a process is exiting by itself, and its memory is on its way back",
  "givers-asked": "those who can give memory back were asked, and have time left",
  "victim-elsewhere": "a victim of another alarm is on its way out, and its memory comes back here as well",
  "cool-down": "the last kill is too recent",
  "budget-spent": "too many kills in a short time",
  "no-candidate": "nobody is eligible",
  "only-session": "nobody is left but the session, which is guarded",
  "table-unavailable": "the process table cannot be read",
  "meminfo-unavailable": "memory cannot be measured",
};

const giverEndText: Readonly<Record<string, string>> = {
  "timed-out": "was stopped, its time was over",
  "not-ready": "could not be asked: it could not be made ready in calm, or was asked since",
  busy: "could not be asked: it hangs since the last time",
  "not-reported": "could not be asked: the machine does not know of it",
};

const chainEndText: Readonly<Record<string, string>> = {
  "not-enough": "Givers fell short",
  "cut-short": "No time for more givers",
};

const withOutput = ({
  output,
  output_bytes: size,
}: {
  readonly output?: string | undefined;
  readonly output_bytes?: number | undefined;
}) => (output === undefined || size === undefined ? "" : `; it wrote ${counted(size, "byte")}: ${output}`);

const standingText = {
  absent: "there is no such cgroup now; it is watched when it comes",
  unlimited: "it has no limit, and so no shortage of its own; it is watched when it gets one",
  "limit-too-small": "its watermarks do not fit into its limit",
} as const;

const escalationText = {
  "grace-over": "it did not go within its grace",
  exhausted: "memory is exhausted and it has not gone",
  "program-failed": "the program that was to have it leave failed",
} as const;

/** What a rehearsed kill would begin with. */
const bidding = (f: ChoiceFields & { readonly program?: string | undefined }): string =>
  f.program === undefined ? `send ${f.signal} to ${whom(f)}` : `run ${f.program} for ${whom(f)}`;

const refusals: Readonly<Record<string, string>> = {
  gone: "it has gone by itself",
  "not-reported": "the machine does not know of it any more",
  "settings-changed": "the settings have changed since it was chosen, and may spare it",
  "memcg-gone": "its memcg is gone, or is not watched any more",
  "identity-changed": "its pid belongs to another process now",
  "became-protected": "it is protected now",
  "shares-memory-with-protected": "a protected process uses the same memory",
  "passed-over": "its memory is given back already or only borrowed, and the kernel too would pass it over",
  failed: "it could not be signalled",
  survived: "it lives although SIGKILL was sent",
};

const refusalText = (why: string): string => refusals[why] ?? why;
