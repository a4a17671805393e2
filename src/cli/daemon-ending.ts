import type { DaemonEnding } from "#daemon/daemon-options.ts";
import type { ExitCode } from "./exit-codes.ts";

/** What a daemon's end is to whoever started it. The journal has said the rest. */
export function tellEnding(ending: DaemonEnding, complain: (text: string) => void): ExitCode {
  switch (ending.kind) {
    case "stopped":
      return "done";
    case "failed":
      return ending.trouble;
    case "cannot-record":
      complain(ending.text);
      return "system";
  }
}
