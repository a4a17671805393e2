import type { Finding } from "#domain/finding.ts";
import type { FactName, Snapshot } from "#domain/snapshot.ts";
import { factNames, knownValue } from "#domain/snapshot.ts";
import type { EngineState } from "./engine-state.ts";
import type { Step } from "./step.ts";

/** Says once that a sensor failed, and once that it is back. */
function compareSensors(snapshot: Snapshot, lost: ReadonlySet<FactName>): readonly Finding[] {
  return factNames.flatMap((fact): readonly Finding[] => {
    const reading = snapshot[fact];
    if (reading?.kind === "unavailable" && !lost.has(fact)) {
      return [{ kind: "sensor-lost", fact, failure: reading.failure }];
    }
    return reading?.kind === "known" && lost.has(fact) ? [{ kind: "sensor-back", fact }] : [];
  });
}

/** Notices what could not be read, and remembers what is read at a lower rate. */
export function noticeSensors(snapshot: Snapshot, state: EngineState): Step {
  const stillLost = factNames.filter((fact) => {
    const reading = snapshot[fact];
    return reading === undefined ? state.lostSensors.has(fact) : reading.kind === "unavailable";
  });
  const table = knownValue(snapshot.processes);
  const isPartial = table?.isComplete === false;
  const incomplete: Finding = { kind: "table-incomplete", ...(table?.failure && { failure: table.failure }) };
  const said = isPartial && !state.isTableIncompleteSaid ? [incomplete] : [];
  return {
    decisions: [],
    findings: [...compareSensors(snapshot, state.lostSensors), ...said],
    state: {
      ...state,
      lostSensors: new Set(stillLost),
      isTableIncompleteSaid: state.isTableIncompleteSaid || isPartial,
      swaps: knownValue(snapshot.swaps) ?? state.swaps,
      swapsReadAt: snapshot.swaps === undefined ? state.swapsReadAt : snapshot.takenAt,
      tableReadAt: snapshot.processes === undefined ? state.tableReadAt : snapshot.takenAt,
    },
  };
}
