import type { ConfigChoice } from "#daemon/config-files.ts";
import { UnreadableConfig } from "#daemon/settings-file.ts";
import { codeOf, isRefusal } from "#domain/system-error.ts";
import { RecordingError } from "#recorded/recording-error.ts";
import { RefusedReplay } from "./plan-of-then.ts";
import { type Replay, replay } from "./replay.ts";

/** A replay, or why there is none, for people. */
export type Replayed =
  | { readonly kind: "replay"; readonly replay: Replay }
  | { readonly kind: "refused"; readonly text: string };

/** Replays a file under the settings it was made with, or what the choice makes of them. */
export async function replayFile(path: string, choice: ConfigChoice): Promise<Replayed> {
  try {
    return { kind: "replay", replay: await replay(path, choice) };
  } catch (error) {
    return { kind: "refused", text: refusalOf(path, error) };
  }
}

/** @throws what is no refusal */
function refusalOf(path: string, error: unknown): string {
  if (error instanceof RefusedReplay || error instanceof UnreadableConfig) return error.message;
  if (error instanceof RecordingError) {
    return `Cannot replay "${path}": ${error.message}; name a file made by tidemark record or tidemark run --record`;
  }
  if (isRefusal(error)) {
    return `Cannot read "${path}": ${codeOf(error)}; name a file that exists and that you may read`;
  }
  throw error;
}
