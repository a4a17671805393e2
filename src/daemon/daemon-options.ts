import type { ConfigChoice } from "./config-files.ts";
import type { ServiceEnvironment } from "./find-service-manager.ts";
import type { LogFormat } from "./journal-output.ts";
import type { RecordingChoice } from "./recording/recording-choice.ts";
import type { ErrorView } from "./views/error-view.ts";

/** How the daemon is started. */
export interface DaemonOptions {
  /** Decides and tells, and touches nobody. */
  readonly isDryRun: boolean;
  /** One look, and what follows from it; then the end. */
  readonly isOnce: boolean;
  readonly settings: ConfigChoice;
  /** What the command line says; undefined: what the settings say. */
  readonly logFormat: LogFormat | undefined;
  /** The environment's JOURNAL_STREAM. */
  readonly journalStream: string | undefined;
  readonly service: ServiceEnvironment;
  /** Undefined: nothing is recorded. */
  readonly recording: RecordingChoice | undefined;
}

/** How it ended. */
export type DaemonEnding =
  | { readonly kind: "stopped" }
  /** Something nobody could treat; the journal has it. */
  | { readonly kind: "failed"; readonly trouble: ErrorView["trouble"] }
  | { readonly kind: "cannot-record"; readonly text: string };
