import { packageVersion } from "#daemon/package-root.ts";
import { factNames } from "#domain/snapshot.ts";
import { kibToBytes } from "#domain/units.ts";
import type { Look, Machine } from "#machine/machine.ts";
import { backgroundWriter } from "#recorded/background-writer.ts";
import { makeNewFile } from "#recorded/new-file.ts";
import { createTape, type Tape } from "#recorded/tape.ts";
import { tapeFormat } from "#recorded/tape-record.ts";
import { type RecordingMachine, withRecording } from "#recorded/with-recording.ts";
import type { NotedSettings } from "./noted-settings.ts";
import type { RecordingChoice } from "./recording-choice.ts";

/** A recording under way. */
export interface RecordingUnderWay {
  readonly choice: RecordingChoice;
  readonly machine: RecordingMachine;
  readonly tape: Tape;
  /** Notes that these settings are in force from the next look on. */
  note(settings: NotedSettings): void;
  /** Hands over what has not been, and ends the recording: when all is written. */
  end(why: string): Promise<void>;
}

/** A look at all there is: other settings may ask for what those in force do not. */
export const everything: Look = { needs: factNames, isPressing: false };

/** Begins a recording; `pace` puts something between the recorder and the machine. @throws CannotRecord */
export function startRecording(
  choice: RecordingChoice,
  machine: Machine,
  pace: (machine: Machine, tape: Tape) => Machine = (same) => same,
): RecordingUnderWay {
  const { path, replaces, hasNames, limit } = choice;
  const header = {
    format: tapeFormat,
    version: packageVersion(),
    capabilities: machine.capabilities,
    startedAt: machine.now(),
    wallTime: Date.now(),
    hasNames,
  };
  const tape = createTape({
    writer: backgroundWriter(makeNewFile(path, { replaces })),
    header,
    limit: kibToBytes(limit),
  });
  const recorded = withRecording(pace(machine, tape), { tape, hasNames });
  recorded.aside(everything);
  return {
    choice,
    machine: recorded,
    tape,
    note: (settings) => recorded.note(settings),
    async end(why) {
      recorded.settle();
      await tape.close(why);
    },
  };
}
