import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alarm } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Decision } from "#domain/decision.ts";
import type { Finding, Skipped } from "#domain/finding.ts";
import type { Outcome } from "#domain/outcome.ts";
import { SystemError } from "#domain/system-error.ts";
import {
  bytes,
  gib,
  kib,
  mib,
  milliseconds,
  oomScoreAdj,
  percent,
  pid,
  seconds,
  startTicks,
  uid,
} from "#domain/units.ts";
import type { ReapReport } from "#domain/victim-report.ts";
import { encodeJson } from "#journal/encode-json.ts";
import { createJournal, type Journal } from "#journal/journal.ts";
import { reportDecision, reportFinding } from "#journal/report.ts";
import { createSink } from "#journal/sink.ts";
import { outletWithRoom } from "./outlets.ts";

const alarm: Alarm = {
  kind: "scarce",
  reason: { kind: "below-watermark", zone: "headroom", watermark: "low", headroom: mib(150), threshold: mib(320) },
  since: seconds(10),
};

const victim: Candidate = {
  identity: { pid: pid(42), startTicks: startTicks(900) },
  comm: "hog",
  uid: uid(1000),
  cgroup: undefined,
  oomScoreAdj: oomScoreAdj(0),
  rss: gib(2),
  swap: mib(1),
  returns: gib(1.9),
  badness: { total: gib(2), terms: [{ name: "anon", value: gib(2) }] },
};

const signal: Decision = {
  kind: "signal",
  signal: "SIGTERM",
  victim,
  reapsAtOnce: false,
  sharers: { suspects: [], protectedSuspects: [] },
  alarm,
  ranking: [victim],
  eligible: 3,
};

const failure = new SystemError({ call: "kill", errno: "EPERM", subject: "process 42", advice: "run as root" });

function entriesOf(report: (journal: Journal) => void): readonly Record<string, unknown>[] {
  const outlet = outletWithRoom(1e6);
  const sink = createSink(outlet, bytes(65_536));
  report(createJournal({ sink, encode: encodeJson, level: "debug", now: () => seconds(10), wallTime: () => 0 }));
  return outlet
    .text()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const decided = (decision: Decision, outcome: Outcome) =>
  entriesOf((journal) => reportDecision(journal, decision, outcome));
const found = (finding: Finding) => entriesOf((journal) => reportFinding(journal, finding));
const names = (entries: readonly Record<string, unknown>[]) => entries.map(({ event }) => event);

test("a signal is told with its reason, its ranking, its company and how long the alarm had to wait for it", () => {
  const sharer = { pid: pid(43), startTicks: startTicks(901) };
  const [entry, ...more] = decided(signal, { kind: "signalled", at: milliseconds(10_004), sharers: [sharer] });
  assert.deepEqual(more, []);
  const { message, message_id: _, time: __, ...fields } = entry ?? {};
  assert.deepEqual(fields, {
    level: "warn",
    event: "victim.signalled",
    alarm_kind: "scarce",
    reason: "below-watermark",
    zone: "headroom",
    watermark: "low",
    headroom_kib: 153_600,
    threshold_kib: 327_680,
    pid: 42,
    start_ticks: 900,
    comm: "hog",
    uid: 1000,
    oom_score_adj: 0,
    rss_kib: 2_097_152,
    swap_kib: 1024,
    badness_kib: 2_097_152,
    terms_kib: { anon: 2_097_152 },
    returns_kib: 1_992_294,
    signal: "SIGTERM",
    eligible: 3,
    ranking: [
      {
        pid: 42,
        start_ticks: 900,
        comm: "hog",
        uid: 1000,
        oom_score_adj: 0,
        rss_kib: 2_097_152,
        swap_kib: 1024,
        badness_kib: 2_097_152,
        terms_kib: { anon: 2_097_152 },
      },
    ],
    sharers: [43],
    sharing: 1,
    waited_ms: 4,
  });
  assert.match(String(message), /^Sent SIGTERM to 42 \(hog\)/);
});

test("a kill is told however many processes shared the memory: the first by pid, all of them by number", () => {
  const crowd = Array.from({ length: 50_000 }, (_, n) => ({ pid: pid(1000 + n), startTicks: startTicks(901) }));
  const [entry] = decided(signal, { kind: "signalled", at: milliseconds(10_004), sharers: crowd });
  assert.deepEqual([entry?.["event"], entry?.["sharing"]], ["victim.signalled", 50_000]);
  assert.deepEqual(
    entry?.["sharers"],
    crowd.slice(0, 100).map((each) => each.pid),
  );
  assert.match(String(entry?.["message"]), / and 1000, 1001, [\d, ]+ and 49992 more, which share its memory:/);
});

test("what became of a decision decides which event is told", () => {
  const signalled: Outcome = { kind: "signalled", at: seconds(11), sharers: [] };
  const refused: Outcome = { kind: "refused", why: "identity-changed" };
  const escalate: Decision = { kind: "escalate", victim, reapsAtOnce: true, why: "grace-over", alarm };
  const adopt: Decision = { kind: "adopt", victim, alarm, sharers: { suspects: [], protectedSuspects: [] } };
  const cases: readonly (readonly [Decision, Outcome, readonly string[]])[] = [
    [signal, { kind: "rehearsed" }, ["kill.rehearsed"]],
    [signal, refused, ["victim.refused"]],
    [escalate, signalled, ["victim.escalated"]],
    [escalate, refused, ["victim.refused"]],
    [escalate, { kind: "rehearsed" }, []],
    [adopt, { kind: "watched" }, ["victim.adopted"]],
    [adopt, refused, ["victim.refused"]],
    [{ kind: "reap", victim: victim.identity }, { kind: "begun" }, []],
    [{ kind: "release", victim: victim.identity }, { kind: "released" }, []],
  ];
  for (const [decision, outcome, events] of cases) {
    assert.deepEqual(names(decided(decision, outcome)), events, `${decision.kind} ${outcome.kind}`);
  }
});

test("a refused signal is told with the call that failed, and nothing else of the error", () => {
  const [entry] = decided(signal, { kind: "refused", why: "failed", failure });
  assert.equal(entry?.["errno"], "EPERM");
  assert.equal(entry?.["advice"], "run as root");
  assert.equal("name" in (entry ?? {}), false);
});

test("each finding is one entry under its own name", () => {
  const reap: ReapReport = { kind: "released", took: milliseconds(4) };
  const after = milliseconds(6);
  const memory = { victim, after, freed: gib(1), expected: gib(2) };
  const cases: readonly (readonly [Finding, string])[] = [
    [{ kind: "alarm-raised", alarm }, "alarm.raised"],
    [{ kind: "alarm-changed", from: "approaching", alarm }, "alarm.changed"],
    [{ kind: "alarm-cleared", from: "scarce", lasted: seconds(3), headroom: gib(1) }, "alarm.cleared"],
    [{ kind: "kill-withheld", alarm, why: "cool-down" }, "kill.withheld"],
    [{ kind: "victim-exited", victim, after, reap }, "victim.exited"],
    [{ kind: "victim-reaped", victim, after, reap }, "victim.reaped"],
    [{ kind: "memory-back", ...memory }, "memory.back"],
    [{ kind: "memory-late", ...memory }, "memory.late"],
    [{ kind: "victim-skipped", victim, after, skipped: { kind: "survived" } }, "victim.skipped"],
    [{ kind: "sensor-lost", fact: "pressure", failure }, "sensor.lost"],
    [{ kind: "sensor-back", fact: "pressure" }, "sensor.back"],
    [{ kind: "table-incomplete" }, "table.incomplete"],
  ];
  for (const [finding, event] of cases) assert.deepEqual(names(found(finding)), [event]);
});

test("a stall is told with its share, its window and the memory that proves it", () => {
  const { kind, since } = alarm;
  const reason = {
    kind: "stalled",
    line: "full",
    share: percent(42),
    limit: percent(30),
    window: milliseconds(2000),
    available: kib(700),
    availableBelow: kib(720),
  } as const;
  const [entry] = found({ kind: "alarm-raised", alarm: { kind, since, reason } });
  assert.deepEqual(
    ["stall_line", "share_percent", "limit_percent", "window_ms", "available_kib", "available_below_kib"].map(
      (name) => entry?.[name],
    ),
    ["full", 42, 30, 2000, 700, 720],
  );
});

test("however reaping ended, the journal says it in words", () => {
  const reports: readonly ReapReport[] = [
    { kind: "not-asked" },
    { kind: "under-way", since: seconds(1) },
    { kind: "released", took: milliseconds(4) },
    { kind: "exiting-by-itself" },
    { kind: "stuck", failure },
    { kind: "unsupported" },
  ];
  const told = reports.map((reap) => {
    const [entry] = found({ kind: "victim-exited", victim, after: milliseconds(5), reap });
    return [entry?.["reap"], entry?.["took_ms"], entry?.["errno"]];
  });
  assert.deepEqual(told, [
    ["left to its own exit", undefined, undefined],
    ["being given back", undefined, undefined],
    ["given back by process_mrelease", 4, undefined],
    ["given back by its own exit", undefined, undefined],
    ["not given back", undefined, "EPERM"],
    ["left to its own exit: the kernel has no process_mrelease", undefined, undefined],
  ]);
});

test("a victim that was given up is told with why", () => {
  const told = (skipped: Skipped) => {
    const [entry] = found({ kind: "victim-skipped", victim, after: seconds(5), skipped });
    return [entry?.["skipped_why"], entry?.["errno"]];
  };
  assert.deepEqual(told({ kind: "survived" }), ["survived", undefined]);
  assert.deepEqual(told({ kind: "refused", why: "failed", failure }), ["failed", "EPERM"]);
});
