import type { ProcessTable } from "#domain/process.ts";
import { known, knownValue, type Snapshot, unavailable } from "#domain/snapshot.ts";
import { type Fault, findFault, injected } from "./fault.ts";

/** What a look sees through faults. What nobody asked for stays absent. */
export function breakFacts(snapshot: Snapshot, faults: readonly Fault[]): Snapshot {
  const seen = faults.reduce((before, fault) => (fault.kind === "unreadable" ? hide(before, fault) : before), snapshot);
  const cut = findFault(faults, "short-table");
  const table = knownValue(seen.processes);
  return cut === undefined || table === undefined ? seen : { ...seen, processes: known(cutShort(table, cut.errno)) };
}

function hide(snapshot: Snapshot, { facts, errno }: Extract<Fault, { kind: "unreadable" }>): Snapshot {
  const call = errno === "EBADMSG" ? "parse" : "pread";
  const hidden = facts.filter((fact) => snapshot[fact] !== undefined);
  const refusals = hidden.map((fact) => [fact, unavailable(injected(call, errno, fact))] as const);
  return { ...snapshot, ...Object.fromEntries(refusals) };
}

/** Ourselves stay in it: whoever cannot read its own files reads none. */
function cutShort(table: ProcessTable, errno: string): ProcessTable {
  const listed = table.processes.slice(0, Math.ceil((table.processes.length * 2) / 3));
  const isRead = (index: number): boolean => index % 2 === 0;
  return {
    ...table,
    processes: table.processes.filter(
      (process) => process.identity.pid === table.self || (listed.includes(process) && isRead(listed.indexOf(process))),
    ),
    isComplete: false,
    failure: injected("open", errno, "the listing of processes"),
  };
}
