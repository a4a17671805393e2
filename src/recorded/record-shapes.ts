import type { OomSysctls } from "#domain/oom-sysctls.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import type { Waker } from "#machine/machine.ts";
import { aDecision, aGiverReport, anOutcome, aVictimReport } from "./decision-shapes.ts";
import { aFailure, readings } from "./fact-shapes.ts";
import { aFlag, among, anAmount, aText, byKind, fieldsOf, listOf, oneOf, perhaps, type Shape } from "./shape.ts";
import type { TapeHeader, TapeRecord } from "./tape-record.ts";

const oomSysctls = fieldsOf<OomSysctls>({
  panicOnOom: perhaps(among(["never", "global", "always"])),
  killsAllocatingTask: perhaps(aFlag),
  dumpsTasks: perhaps(aFlag),
});

const capabilities = fieldsOf<Capabilities>({
  kernelRelease: aText(),
  architecture: aText(),
  pageSize: anAmount(),
  isRoot: aFlag,
  canSignalOthers: aFlag,
  canSeeOthers: aFlag,
  canLowerOomScoreAdj: aFlag,
  hasMemAvailable: aFlag,
  hasPressure: aFlag,
  hasPressureTriggers: aFlag,
  hasPidfd: aFlag,
  hasProcessMrelease: aFlag,
  canReapAtOnce: aFlag,
  canReadPrograms: aFlag,
  canCompareMemory: aFlag,
  oomSysctls,
});

/** What a recording of this format begins with. */
export const aTapeHeader = fieldsOf<TapeHeader>({
  format: anAmount(),
  version: aText(),
  capabilities,
  startedAt: anAmount(),
  wallTime: anAmount(),
  hasNames: aFlag,
});

const isTrue: Shape<true> = (value): value is true => value === true;

const snapshot = fieldsOf<Snapshot>({
  takenAt: anAmount(),
  sleptFor: perhaps(anAmount()),
  hasBeenQuiet: perhaps(isTrue),
  victims: listOf(aVictimReport),
  givers: perhaps(listOf(aGiverReport)),
  hung: perhaps(listOf(aFailure)),
  ...readings,
});

/** What settings are is known to whoever noted them. */
const anything: Shape<unknown> = (value): value is unknown => value !== null;

/** What a recording goes on with. */
export const aTapeRecord = byKind<TapeRecord>({
  settings: { settings: anything },
  look: { snapshot },
  aside: { snapshot },
  act: { decision: aDecision, outcome: anOutcome },
  wait: {
    until: anAmount(),
    waker: oneOf<Waker>({ due: "", pressure: "", victim: "", giver: "", called: "" }),
  },
  end: { why: aText() },
});
