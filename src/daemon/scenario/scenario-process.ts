import { choice, flag, nameOf, type ValueType, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import { cgroupPath, oomScoreAdj, pid, uid } from "#domain/units.ts";
import type { MemoryPhase, ProcessScript } from "#simulated/scenario.ts";
import { readSize, requireSize, requireSpan, type StoryReader, span } from "./scenario-values.ts";
import { map, readRequired, readTable, readTables, readValue, refuseUnknownKeys } from "./table-reader.ts";

const text = nameOf("something");
const count = whole([0, 2 ** 31]);

const phaseKinds = choice(["steady", "ramp", "leak", "spike"]);

function readPhase(reader: StoryReader): MemoryPhase {
  const kind = readRequired(reader, "kind", { type: phaseKinds, fallback: "steady" as const });
  switch (kind) {
    case "steady":
      refuseUnknownKeys(reader, ["kind", "for"]);
      return { kind, for: requireSpan(reader, "for") };
    case "ramp":
      refuseUnknownKeys(reader, ["kind", "by", "per_second"]);
      return { kind, by: requireSize(reader, "by"), perSecond: requireSize(reader, "per_second") };
    case "leak":
      refuseUnknownKeys(reader, ["kind", "per_second"]);
      return { kind, perSecond: requireSize(reader, "per_second") };
    case "spike":
      refuseUnknownKeys(reader, ["kind", "by", "per_second", "hold"]);
      return {
        kind,
        by: requireSize(reader, "by"),
        perSecond: requireSize(reader, "per_second"),
        hold: requireSpan(reader, "hold"),
      };
  }
}

function readExit(reader: StoryReader) {
  refuseUnknownKeys(reader, ["after", "per_gib"]);
  return { after: requireSpan(reader, "after"), perGiB: requireSpan(reader, "per_gib") };
}

function readFiles(reader: StoryReader) {
  refuseUnknownKeys(reader, ["size", "per_second"]);
  return { size: requireSize(reader, "size"), perSecond: requireSize(reader, "per_second") };
}

function readTerm(reader: StoryReader): ProcessScript["onSigterm"] {
  const ignores = readValue(reader, "ignores_sigterm", flag);
  if (ignores === true) return { kind: "ignores" };
  return map(readValue(reader, "exits_after", span), (after) => ({ kind: "exits", after }));
}

const processKeys = [
  "name",
  "pid",
  "parent",
  "uid",
  "cgroup",
  "exe",
  "cmdline",
  "oom_score_adj",
  "threads",
  "starts_at",
  "ends_at",
  "anon",
  "memory",
  "touches_per_second",
  "files",
  "ignores_sigterm",
  "exits_after",
  "exit",
  "stops_at",
  "shares_memory_with",
];

const pathType: ValueType<string> = {
  ...text,
  wants: 'a path that begins with "/"',
  read: (written) => {
    const read = text.read(written);
    if (read.kind === "refused" || read.value.startsWith("/")) return read;
    return { kind: "refused", found: "it is no path of a cgroup", wanted: 'write a path that begins with "/"' };
  },
};

/** One `[[process]]`. */
export function readProcess(reader: StoryReader): ProcessScript {
  refuseUnknownKeys(reader, processKeys);
  return {
    name: readRequired(reader, "name", { type: nameOf("the process"), fallback: "process" }),
    ...present({
      pid: map(readValue(reader, "pid", whole([2, 2 ** 22])), pid),
      parent: readValue(reader, "parent", nameOf("another process")),
      uid: map(readValue(reader, "uid", count), uid),
      cgroup: map(readValue(reader, "cgroup", pathType), cgroupPath),
      exe: readValue(reader, "exe", text),
      cmdline: readValue(reader, "cmdline", text),
      oomScoreAdj: map(readValue(reader, "oom_score_adj", whole([-1000, 1000])), oomScoreAdj),
      threads: readValue(reader, "threads", whole([1, 65_536])),
      startsAt: readValue(reader, "starts_at", span),
      endsAt: readValue(reader, "ends_at", span),
      anon: readSize(reader, "anon"),
      memory: readTables(reader, "memory").map(readPhase),
      touchesPerSecond: readSize(reader, "touches_per_second"),
      files: map(readTable(reader, "files"), readFiles),
      onSigterm: readTerm(reader),
      onExit: map(readTable(reader, "exit"), readExit),
      stopsAt: readValue(reader, "stops_at", span),
      sharesMemoryWith: readValue(reader, "shares_memory_with", nameOf("another process")),
    }),
  };
}
