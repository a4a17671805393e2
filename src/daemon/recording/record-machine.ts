import { composeLinux } from "#daemon/compose.ts";
import type { ConfigChoice } from "#daemon/config-files.ts";
import { keepPlan } from "#daemon/keep-plan.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { runLoop } from "#daemon/loop.ts";
import { missingCapabilities } from "#daemon/missing-capabilities.ts";
import { type PlanInForce, readPlan } from "#daemon/plan-reading.ts";
import { listenForRequests } from "#daemon/requests.ts";
import {
  add,
  atLeast,
  below,
  bytes,
  bytesToKiB,
  type KiB,
  type Milliseconds,
  seconds,
  subtract,
} from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import type { Machine } from "#machine/machine.ts";
import { CannotRecord } from "#recorded/new-file.ts";
import type { RecordingMachine } from "#recorded/with-recording.ts";
import { withAllowance } from "./allowance.ts";
import { noteOf } from "./noted-settings.ts";
import type { RecordingChoice } from "./recording-choice.ts";
import { everything, type RecordingUnderWay, startRecording } from "./start-recording.ts";

/** What is to be recorded, and where. */
export interface RecordOptions {
  readonly choice: RecordingChoice;
  readonly settings: ConfigChoice;
  /** Undefined: until somebody ends it. */
  readonly lasts: Milliseconds | undefined;
  /** Told once, before the first look: what the machine does not show. */
  readonly begin: (missing: readonly string[]) => void;
  /** What tidemark would say; times are milliseconds since the beginning. */
  readonly tell: (entry: Entry) => void;
}

/** How recording went. */
export type RecordEnding =
  | {
      readonly kind: "recorded";
      readonly lasted: Milliseconds;
      readonly looks: number;
      readonly size: KiB;
      /** Why it ended before anybody asked for it. */
      readonly trouble: string | undefined;
      /** The trouble is that the limit was reached. */
      readonly isFull: boolean;
    }
  | { readonly kind: "refused-settings"; readonly text: string }
  | { readonly kind: "cannot-record"; readonly text: string };

/** Records this machine, as a dry run looks at it. @throws SystemError when it cannot be watched at all */
export async function recordMachine(options: RecordOptions): Promise<RecordEnding> {
  using machine = composeLinux({ isDryRun: true });
  const inForce = readPlan(options.settings, machine);
  if (inForce.kind === "refused") return { kind: "refused-settings", text: inForce.text };
  try {
    const recording = startPacedRecording(options.choice, machine);
    options.begin(unseen(machine.capabilities));
    return await watch(recording, { ...options, machine, inForce });
  } catch (error) {
    if (error instanceof CannotRecord) return { kind: "cannot-record", text: error.message };
    throw error;
  }
}

/** Begins a recording that slows the looks down where it would become too large. @throws CannotRecord */
export const startPacedRecording = (choice: RecordingChoice, machine: Machine): RecordingUnderWay =>
  startRecording(choice, machine, (paced, tape) => withAllowance(paced, () => tape.bytes));

/** What cannot be looked at here; what cannot be done is no matter of a recording. */
const unseen = (capabilities: Capabilities): readonly string[] =>
  missingCapabilities({ ...capabilities, canSignalOthers: true, hasPidfd: true, hasProcessMrelease: true }).map(
    ({ capability }) => capability,
  );

/** So often all there is is looked at: who is there, and what other settings may ask for. */
const asideEvery = seconds(5 * 60);

function lookAside(machine: RecordingMachine): () => void {
  let last = machine.now();
  return () => {
    if (below(machine.now(), add(last, asideEvery))) return;
    last = machine.now();
    machine.aside(everything);
  };
}

type Watching = RecordOptions & { readonly machine: Machine; readonly inForce: PlanInForce };

async function watch(
  { machine: recorded, tape, note, end }: RecordingUnderWay,
  { machine, lasts, tell, inForce }: Watching,
): Promise<RecordEnding> {
  const startedAt = machine.now();
  const elapsed = (): Milliseconds => subtract(machine.now(), startedAt);
  using requests = listenForRequests(machine);
  const isOver = (): boolean => lasts !== undefined && atLeast(elapsed(), lasts);
  const isStopping = (): boolean => requests.stop() !== undefined || tape.trouble !== undefined || isOver();
  const journal = keptJournal({ keep: tell, now: () => machine.now(), wallTime: elapsed });
  const timer = lasts === undefined ? undefined : setTimeout(() => machine.wake(), lasts + 1);
  const plan = keepPlan(inForce, { journal, reload: () => undefined, note: (noted) => note(noteOf(noted)) });
  const aside = lookAside(recorded);
  await runLoop(
    { machine: recorded, journal, plan: () => plan.inForce.plan },
    {
      isStopping,
      watch: (turn) => {
        plan.attend(turn, false);
        aside();
      },
    },
  );
  clearTimeout(timer);
  await end(isOver() ? "its time was over" : `${requests.stop()} asked to stop`);
  return {
    kind: "recorded",
    lasted: elapsed(),
    looks: tape.looks,
    size: bytesToKiB(bytes(tape.bytes)),
    trouble: tape.trouble,
    isFull: tape.isFull,
  };
}
