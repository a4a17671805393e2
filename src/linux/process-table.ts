import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { known, type Reading, unavailable } from "#domain/snapshot.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import { initPid, type Pid } from "#domain/units.ts";
import type { Look } from "#machine/machine.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import type { CountRss } from "./counted-rss.ts";
import { failureOf, isDenied } from "./failure.ts";
import type { PatientReader } from "./patient-reader.ts";
import { makeProcessFiles } from "./process-files.ts";
import { type ProcessSource, readProcess } from "./process-reader.ts";
import { makeTraitsCache } from "./traits.ts";

/** Reads the whole table at once, and remembers between looks what is costly to read. */
export interface ProcessTableReader {
  /** All processes that can be seen now. */
  read(options: Pick<Look, "isPressing">): Reading<ProcessTable>;
}

/** Where a table is read, and how its kernel counts. */
export interface ProcessTableOptions {
  readonly root: string;
  readonly countRss: CountRss;
  /** Reads what can hang; undefined: nothing of a recorded tree can. */
  readonly patient: PatientReader | undefined;
}

/** A reader that remembers nothing yet. */
export function makeProcessTableReader({ root, countRss, patient }: ProcessTableOptions): ProcessTableReader {
  const files = makeProcessFiles(root, patient);
  const traits = makeTraitsCache(files);
  const readAll = (isPressing: boolean): ProcessTable => {
    const source: ProcessSource = { files, traits, countRss, mayHang: !isPressing };
    const pids = files.listPids();
    const entries = pids.map((pid) => readEntry(pid, source));
    const refused = entries.filter((entry) => entry.kind === "refused");
    const damaged = refused.find(({ failure }) => !isDenied(failure));
    traits.forgetUnseen();
    return {
      self: files.readSelf() ?? ownPid(),
      processes: entries
        .flatMap((entry) => (entry.kind === "process" ? [entry.process] : []))
        .sort((a, b) => compareIdentities(a.identity, b.identity)),
      // hidepid=2 leaves init out of the listing, hidepid=1 lists it and refuses its files.
      isComplete: pids.includes(initPid) && refused.length === 0,
      ...(damaged && { failure: damaged.failure }),
    };
  };
  return {
    read({ isPressing }) {
      try {
        return known(readAll(isPressing));
      } catch (error) {
        return unavailable(failureOf(error, `${root}/proc`));
      }
    },
  };
}

type Entry =
  | { readonly kind: "process"; readonly process: ProcessFacts }
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly failure: SystemFailure };

/** One process that cannot be read, hidden or not understood, must not hide all the others. */
function readEntry(pid: Pid, source: ProcessSource): Entry {
  try {
    const process = readProcess(pid, source);
    return process === undefined ? { kind: "gone" } : { kind: "process", process };
  } catch (error) {
    return { kind: "refused", failure: failureOf(error, `/proc/${pid}`) };
  }
}
