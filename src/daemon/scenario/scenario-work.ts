import { choice, flag, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import type { ExitScript, FileWorkingSet, MemoryPhase, ReadScript, WriteScript } from "#simulated/process-script.ts";
import { keysOf } from "./scenario-keys.ts";
import { readSize, requireSize, requireSpan, type StoryReader } from "./scenario-values.ts";
import { readRequired, readValue, refuseUnknownKeys } from "./table-reader.ts";

const phaseKinds = choice(["steady", "ramp", "leak", "spike"]);

/** How many of something there are. */
export const count = whole([1, 1_000_000]);

/** One phase of `memory`. */
export function readPhase(reader: StoryReader): MemoryPhase {
  const kind = readRequired(reader, "kind", { type: phaseKinds, fallback: "steady" as const });
  refuseUnknownKeys(reader, keysOf(kind));
  switch (kind) {
    case "steady":
      return { kind, for: requireSpan(reader, "for") };
    case "ramp":
      return { kind, by: requireSize(reader, "by"), perSecond: requireSize(reader, "per_second") };
    case "leak":
      return { kind, perSecond: requireSize(reader, "per_second") };
    case "spike":
      return {
        kind,
        by: requireSize(reader, "by"),
        perSecond: requireSize(reader, "per_second"),
        hold: requireSpan(reader, "hold"),
      };
  }
}

/** What `exit` says. */
export function readExit(reader: StoryReader): ExitScript {
  refuseUnknownKeys(reader, keysOf("exit"));
  return { after: requireSpan(reader, "after"), perGiB: requireSpan(reader, "per_gib") };
}

/** What `files` says. */
export function readFiles(reader: StoryReader): FileWorkingSet {
  refuseUnknownKeys(reader, keysOf("files"));
  return { size: requireSize(reader, "size"), perSecond: requireSize(reader, "per_second") };
}

/** What `reads` says. */
export function readReads(reader: StoryReader): ReadScript {
  refuseUnknownKeys(reader, keysOf("reads"));
  return {
    perSecond: requireSize(reader, "per_second"),
    ...present({ size: readSize(reader, "size"), isDirect: readValue(reader, "direct", flag) }),
  };
}

/** What `writes` says. */
export function readWrites(reader: StoryReader): WriteScript {
  refuseUnknownKeys(reader, keysOf("writes"));
  return {
    perSecond: requireSize(reader, "per_second"),
    to: readValue(reader, "to", choice(["disk", "tmpfs"])) ?? "disk",
    ...present({ size: readSize(reader, "size") }),
  };
}
