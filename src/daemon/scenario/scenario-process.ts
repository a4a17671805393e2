import { flag, nameOf, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import { cgroupPath, oomScoreAdj, pid, uid } from "#domain/units.ts";
import type { ChildrenScript, ProcessScript } from "#simulated/process-script.ts";
import { keysOf } from "./scenario-keys.ts";
import { frequency, pathType, readSize, type StoryReader, span } from "./scenario-values.ts";
import { count, readExit, readFiles, readPhase, readReads, readWrites } from "./scenario-work.ts";
import { map, readRequired, readTable, readTables, readValue, refuseUnknownKeys } from "./table-reader.ts";

const anyText = nameOf("something");
const process = nameOf("a process");

function readTerm(reader: StoryReader): ProcessScript["onSigterm"] {
  const ignores = readValue(reader, "ignores_sigterm", flag);
  if (ignores === true) return { kind: "ignores" };
  return map(readValue(reader, "exits_after", span), (after) => ({ kind: "exits", after }));
}

/** What `children` says. */
function readChildren(reader: StoryReader): ChildrenScript {
  refuseUnknownKeys(reader, keysOf("children"));
  const each = readTable(reader, "each");
  return {
    perSecond: readRequired(reader, "per_second", { type: frequency, fallback: 1 }),
    each:
      each === undefined
        ? { name: readRequired(reader, "each", { type: process, fallback: "child" }) }
        : readProcess(each),
    ...present({ count: readValue(reader, "count", count), atOnce: readValue(reader, "at_once", count) }),
  };
}

/** One `[[process]]`. */
export function readProcess(reader: StoryReader): ProcessScript {
  refuseUnknownKeys(reader, keysOf("process"));
  return {
    name: readRequired(reader, "name", { type: nameOf("the process"), fallback: "process" }),
    ...present({
      copies: readValue(reader, "copies", count),
      pid: map(readValue(reader, "pid", whole([2, 2 ** 22])), pid),
      parent: readValue(reader, "parent", nameOf("another process")),
      uid: map(readValue(reader, "uid", whole([0, 2 ** 31])), uid),
      cgroup: map(readValue(reader, "cgroup", pathType), cgroupPath),
      exe: readValue(reader, "exe", anyText),
      cmdline: readValue(reader, "cmdline", anyText),
      oomScoreAdj: map(readValue(reader, "oom_score_adj", whole([-1000, 1000])), oomScoreAdj),
      threads: readValue(reader, "threads", whole([1, 65_536])),
      leadsTerminal: readValue(reader, "leads_terminal", flag),
      startsAt: readValue(reader, "starts_at", span),
      endsAt: readValue(reader, "ends_at", span),
      lasts: readValue(reader, "lasts", span),
      anon: readSize(reader, "anon"),
      memory: readTables(reader, "memory").map(readPhase),
      touchesPerSecond: readSize(reader, "touches_per_second"),
      hot: readSize(reader, "hot"),
      text: readSize(reader, "text"),
      files: map(readTable(reader, "files"), readFiles),
      reads: map(readTable(reader, "reads"), readReads),
      writes: map(readTable(reader, "writes"), readWrites),
      isInteractive: readValue(reader, "interactive", flag),
      children: map(readTable(reader, "children"), readChildren),
      onSigterm: readTerm(reader),
      onExit: map(readTable(reader, "exit"), readExit),
      stopsAt: readValue(reader, "stops_at", span),
      sharesMemoryWith: readValue(reader, "shares_memory_with", nameOf("another process")),
    }),
  };
}
