import { readNoted } from "#daemon/handover.ts";
import { bytes, bytesToKiB } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import type { Machine } from "#machine/machine.ts";
import type { Fd } from "#native-bindings/file.ts";
import type { RecordingChoice } from "./recording-choice.ts";
import type { RecordingUnderWay } from "./start-recording.ts";

/** The recording of a daemon's own looks and acts; it may come to its end before the daemon does. */
export interface DaemonRecording {
  /** What the loop looks at. */
  readonly machine: Machine;
  /** Notes that the settings of this letter are in force from the next look on. */
  note(letter: Fd): void;
  /** Tells when it has ended by itself: once. To be called at every turn. */
  attend(journal: Journal): void;
  /** Ends it, when all is written. */
  end(journal: Journal): Promise<void>;
}

/** Nothing is recorded. */
const notRecorded = (machine: Machine): DaemonRecording => ({
  machine,
  note: () => undefined,
  attend: () => undefined,
  end: () => Promise.resolve(),
});

/** Begins to record a machine, if that is wanted. @throws CannotRecord */
export async function recordDaemon(choice: RecordingChoice | undefined, machine: Machine): Promise<DaemonRecording> {
  if (choice === undefined) return notRecorded(machine);
  // Loaded when it is asked for: a daemon that records nothing has no room for it.
  const [{ startRecording }, { readNote }] = await Promise.all([
    import("./start-recording.ts"),
    import("./noted-settings.ts"),
  ]);
  const recording = startRecording(choice, machine);
  return tellOf(recording, (letter) => recording.note(readNote(readNoted(letter))));
}

function tellOf({ choice, machine, tape, end }: RecordingUnderWay, note: DaemonRecording["note"]): DaemonRecording {
  const file = choice.path;
  let isTold = false;
  const attend = (journal: Journal): void => {
    if (isTold || tape.trouble === undefined) return;
    isTold = true;
    journal.emit("recording.lost", { file, why: tape.trouble });
  };
  return {
    machine,
    note,
    attend,
    async end(journal) {
      await end("the daemon stopped");
      attend(journal);
      if (!isTold)
        journal.emit("recording.ended", { file, looks: tape.looks, size_kib: bytesToKiB(bytes(tape.bytes)) });
    },
  };
}
