import type { Candidate } from "#domain/candidate.ts";
import type { Decision } from "#domain/decision.ts";
import type { Finding, Skipped } from "#domain/finding.ts";
import type { Outcome } from "#domain/outcome.ts";
import { cgroupPath, subtract } from "#domain/units.ts";
import type { Journal } from "./journal.ts";
import { reportGiverAnswer, reportGiverDecision, reportGiversEnd, reportProgramEnd } from "./report-givers.ts";
import {
  alarmFields,
  choiceFields,
  failureFields,
  identityFields,
  programFields,
  reapFields,
  victimFields,
} from "./tell.ts";

type DecisionOf<K extends Decision["kind"]> = Extract<Decision, { kind: K }>;

/** Writes down what was decided and what became of it at once. To be called after acting, never before. */
export function reportDecision(journal: Journal, decision: Decision, outcome: Outcome): void {
  switch (decision.kind) {
    case "signal":
      reportSignal(journal, decision, outcome);
      break;
    case "escalate":
      reportEscalation(journal, decision, outcome);
      break;
    case "adopt":
      reportAdoption(journal, decision, outcome);
      break;
    case "enlist":
    case "ask":
    case "dismiss":
      reportGiverDecision(journal, decision, outcome);
      break;
    case "reap":
    case "release":
      // Their ends are findings: `victim.reaped`, `victim.exited`, `memory.back`.
      break;
  }
}

/** Writes down what the engine noticed. */
export function reportFinding(journal: Journal, finding: Finding): void {
  switch (finding.kind) {
    case "alarm-raised":
      journal.emit("alarm.raised", alarmFields(finding.alarm));
      break;
    case "alarm-changed":
      journal.emit("alarm.changed", { from_kind: finding.from, ...alarmFields(finding.alarm) });
      break;
    case "alarm-cleared":
      journal.emit("alarm.cleared", {
        from_kind: finding.from,
        ...(finding.memcg && { scope_memcg: finding.memcg }),
        lasted_ms: finding.lasted,
        headroom_kib: finding.headroom,
      });
      break;
    case "kill-withheld":
      journal.emit("kill.withheld", { ...alarmFields(finding.alarm), withheld_why: finding.why });
      break;
    case "victim-exited":
      journal.emit("victim.exited", {
        ...victimFields(finding.victim),
        after_ms: finding.after,
        ...reapFields(finding.reap),
      });
      break;
    case "victim-reaped":
      journal.emit("victim.reaped", {
        ...victimFields(finding.victim),
        after_ms: finding.after,
        ...reapFields(finding.reap),
      });
      break;
    case "memory-back":
      journal.emit("memory.back", memoryFields(finding));
      break;
    case "memory-late":
      journal.emit("memory.late", memoryFields(finding));
      break;
    case "victim-skipped":
      journal.emit("victim.skipped", {
        ...victimFields(finding.victim),
        after_ms: finding.after,
        ...skippedFields(finding.skipped),
      });
      break;
    case "victim-spared":
      journal.emit("victim.spared", { ...victimFields(finding.victim), after_ms: finding.after });
      break;
    case "giver-answered":
      reportGiverAnswer(journal, finding);
      break;
    case "program-ended":
      reportProgramEnd(journal, finding);
      break;
    case "givers-ended":
      reportGiversEnd(journal, finding);
      break;
    case "group-refused":
      journal.emit("group.refused", {
        group_memcg: finding.path,
        ...identityFields(finding.because.identity),
        comm: finding.because.comm,
      });
      break;
    case "memcg-standing":
      reportStanding(journal, finding);
      break;
    case "look-missed":
      journal.emit("look.missed", { late_ms: finding.late, slept_ms: finding.slept });
      break;
    case "sensor-lost":
      journal.emit("sensor.lost", { fact: finding.fact, ...failureFields(finding.failure) });
      break;
    case "sensor-back":
      journal.emit("sensor.back", { fact: finding.fact });
      break;
    case "read-hung":
      journal.emit("read.hung", failureFields(finding.failure));
      break;
    case "table-incomplete":
      journal.emit("table.incomplete", { ...(finding.failure && failureFields(finding.failure)) });
      break;
  }
}

function reportStanding(
  journal: Journal,
  { name, standing, limit }: Extract<Finding, { kind: "memcg-standing" }>,
): void {
  const about = { scope_memcg: cgroupPath(name), ...(limit !== undefined && { limit_kib: limit }) };
  if (standing === "watched") journal.emit("memcg.watched", about);
  else journal.emit("memcg.unwatched", { ...about, standing });
}

function reportSignal(journal: Journal, decision: DecisionOf<"signal">, outcome: Outcome): void {
  switch (outcome.kind) {
    case "signalled":
      journal.emit("victim.signalled", {
        ...choiceFields(decision),
        ...sharersOf(outcome),
        ...reachedOf(outcome),
        waited_ms: subtract(outcome.at, decision.alarm.since),
      });
      break;
    case "rehearsed":
      journal.emit("kill.rehearsed", {
        ...choiceFields(decision),
        ...(decision.program && programFields(decision.program)),
      });
      break;
    case "refused":
      journal.emit("victim.refused", refusalOf(decision.victim, outcome));
      break;
    case "asked":
      if (decision.program === undefined) break;
      journal.emit("victim.asked", { ...choiceFields(decision), ...programFields(decision.program) });
      break;
    case "unready":
      // Its end is a finding: `program.failed`.
      break;
    case "begun":
    case "watched":
    case "released":
    case "enlisted":
      break;
  }
}

function reportAdoption(journal: Journal, { victim, alarm }: DecisionOf<"adopt">, outcome: Outcome): void {
  if (outcome.kind === "refused") journal.emit("victim.refused", refusalOf(victim, outcome));
  else journal.emit("victim.adopted", { ...alarmFields(alarm), ...victimFields(victim) });
}

function reportEscalation(
  journal: Journal,
  { victim, signal = "SIGKILL", why, alarm }: DecisionOf<"escalate">,
  outcome: Outcome,
): void {
  switch (outcome.kind) {
    case "signalled":
      journal.emit("victim.escalated", {
        ...alarmFields(alarm),
        ...victimFields(victim),
        trigger: why,
        signal,
        ...sharersOf(outcome),
      });
      break;
    case "refused":
      journal.emit("victim.refused", refusalOf(victim, outcome));
      break;
    case "begun":
    case "watched":
    case "released":
    case "rehearsed":
    case "enlisted":
    case "asked":
    case "unready":
      break;
  }
}

/** A victim with thousands of them must not make its own entry too long to be written. */
const mostSharers = 100;

/** Who of a group was there still, and got the signal. */
const reachedOf = ({ group }: Extract<Outcome, { kind: "signalled" }>) =>
  group && { group: group.slice(0, mostSharers).map(({ pid }) => pid), group_processes: group.length };

const sharersOf = ({ sharers }: Extract<Outcome, { kind: "signalled" }>) => ({
  sharers: sharers.slice(0, mostSharers).map(({ pid }) => pid),
  sharing: sharers.length,
});

type Refused = Extract<Outcome, { kind: "refused" }>;

const refusal = ({ why, failure }: Refused) => ({ why, ...(failure !== undefined && failureFields(failure)) });

const refusalOf = (victim: Candidate, refused: Refused) => ({
  ...identityFields(victim.identity),
  comm: victim.comm,
  ...refusal(refused),
});

const memoryFields = ({
  victim,
  after,
  freed,
  expected,
}: Extract<Finding, { kind: "memory-back" | "memory-late" }>) => ({
  ...victimFields(victim),
  after_ms: after,
  freed_kib: freed,
  expected_kib: expected,
});

const skippedFields = (skipped: Skipped) =>
  skipped.kind === "survived"
    ? { skipped_why: skipped.kind }
    : { skipped_why: skipped.why, ...(skipped.failure !== undefined && failureFields(skipped.failure)) };
