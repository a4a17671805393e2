import type { Finding, GiverResult } from "#domain/finding.ts";
import type { GiverDecision, GiverEnding, GiverOutput } from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import { atLeast, type KiB, mib } from "#domain/units.ts";
import type { Journal } from "./journal.ts";
import { alarmFields, failureFields, identityFields } from "./tell.ts";

type FindingOf<K extends Finding["kind"]> = Extract<Finding, { kind: K }>;

/** Writes down who was asked, and who cannot be. */
export function reportGiverDecision(journal: Journal, decision: GiverDecision, outcome: Outcome): void {
  switch (decision.kind) {
    case "enlist":
      if (outcome.kind !== "enlisted") return;
      for (const { giver, failure } of outcome.lacking) {
        journal.emit("giver.lacking", { giver: giver.name, ...failureFields(failure) });
      }
      break;
    case "ask":
      reportAsk(journal, decision, outcome);
      break;
    case "dismiss":
      // What came of it is a finding: `giver.gave`, `giver.failed`.
      break;
  }
}

function reportAsk(
  journal: Journal,
  { giver, alarm, wanted }: Extract<GiverDecision, { kind: "ask" }>,
  { kind }: Outcome,
) {
  const fields = { ...alarmFields(alarm), giver: giver.name, wanted_kib: wanted };
  if (kind === "asked") journal.emit("giver.asked", fields);
  if (kind === "rehearsed") journal.emit("giver.rehearsed", fields);
}

/** Less than this comes back by itself on any machine. */
const noticeable = mib(1);

/** A giver that gave has done what it was asked for, whatever its exit status: memory.reclaim answers EAGAIN for a part. */
const hasGiven = (result: GiverResult, freed: KiB): boolean =>
  result.kind === "ended" &&
  ((result.ending.kind === "exited" && result.ending.status === 0) || atLeast(freed, noticeable));

/** Writes down what came of asking one giver. */
export function reportGiverAnswer(
  journal: Journal,
  { giver, after, freed, result }: FindingOf<"giver-answered">,
): void {
  const fields = {
    giver: giver.name,
    took_ms: after,
    freed_kib: freed,
    ended: endedFields(result),
    ...outputOf(result),
  };
  journal.emit(hasGiven(result, freed) ? "giver.gave" : "giver.failed", fields);
}

function endedFields(result: GiverResult): string {
  switch (result.kind) {
    case "ended":
      return describeEnding(result.ending);
    case "timed-out":
      return "timed-out";
    case "unready":
      return result.why;
  }
}

const describeEnding = (ending: GiverEnding): string =>
  ending.kind === "exited" ? `exit ${ending.status}` : ending.signal;

const outputOf = (result: GiverResult) => (result.kind === "ended" ? outputFields(result.output) : {});

const outputFields = ({ beginning, bytes }: GiverOutput) =>
  bytes === 0 ? {} : { output: beginning, output_bytes: bytes };

/** Writes down what came of a program that asked a victim to leave. */
export function reportProgramEnd(journal: Journal, finding: FindingOf<"program-ended">): void {
  const { program, victim, after, result } = finding;
  const fields = {
    program: program.name,
    ...identityFields(victim.identity),
    comm: victim.comm,
    took_ms: after,
    ended: endedFields(result),
    ...outputOf(result),
  };
  const isWell = result.kind === "ended" && result.ending.kind === "exited" && result.ending.status === 0;
  journal.emit(isWell ? "program.ended" : "program.failed", fields);
}

/** Writes down what the chain as a whole came to. */
export function reportGiversEnd(journal: Journal, finding: FindingOf<"givers-ended">): void {
  const { ending, asked, freed, took, headroom } = finding;
  const fields = { asked, freed_kib: freed, took_ms: took, headroom_kib: headroom };
  if (ending === "enough") journal.emit("givers.enough", fields);
  else journal.emit("givers.short", { ...fields, why: ending });
}
