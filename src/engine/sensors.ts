import type { Finding } from "#domain/finding.ts";
import type { FactName, Snapshot } from "#domain/snapshot.ts";
import { factNames, knownValue } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import { type EngineState, hasNeverLooked } from "./engine-state.ts";
import { feelStall } from "./felt-stall.ts";
import { isOutOfDate } from "./free-swap.ts";
import { currentReserves } from "./headroom.ts";
import { rememberSeldom } from "./seldom-facts.ts";
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

/** Swap that came or went since the list was read is read anew at the next look, and while a device leaves, at each. */
function swapsReadAt(snapshot: Snapshot, state: EngineState): Milliseconds | undefined {
  const meminfo = knownValue(snapshot.meminfo);
  const { swaps } = currentReserves(snapshot, state.reserves);
  if (meminfo !== undefined && swaps !== undefined && isOutOfDate(swaps, meminfo)) return undefined;
  return snapshot.swaps === undefined ? state.swapsReadAt : snapshot.takenAt;
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
  const hung = (snapshot.hung ?? []).map((failure): Finding => ({ kind: "read-hung", failure }));
  const said = isPartial && !state.isTableIncompleteSaid ? [incomplete] : [];
  return {
    decisions: [],
    findings: [...compareSensors(snapshot, state.lostSensors), ...said, ...hung],
    state: {
      ...state,
      lostSensors: new Set(stillLost),
      isTableIncompleteSaid: state.isTableIncompleteSaid || isPartial,
      feltStall: feelStall(snapshot, state.feltStall),
      seldom: rememberSeldom(snapshot, state.seldom),
      reserves: currentReserves(snapshot, state.reserves),
      swapsReadAt: swapsReadAt(snapshot, state),
      tableReadAt: tableReadAt(snapshot, state),
      branchesReadAt: snapshot.branches === undefined ? state.branchesReadAt : snapshot.takenAt,
    },
  };
}

/** What the first look leaves out is read at the next one, if there is calm. */
function tableReadAt({ processes, takenAt }: Snapshot, state: EngineState): EngineState["tableReadAt"] {
  const isRest = hasNeverLooked(state) && knownValue(processes)?.unread !== undefined;
  return processes === undefined || isRest ? state.tableReadAt : takenAt;
}
