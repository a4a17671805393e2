import type { ConfigChoice } from "#daemon/config-files.ts";
import type { Played } from "./play-scenario.ts";
import { playScenario } from "./play-scenario.ts";
import type { Combination } from "./sweep-axes.ts";

/** A story under some settings. */
export interface SweptStory {
  readonly combination: Combination;
  readonly played: Extract<Played, { kind: "story" }>;
}

/** Plays a scenario under every combination, the first that is refused ends it. `tell` gets each story when it is over. */
export async function sweepScenario(
  path: string,
  { path: settings, overrides }: ConfigChoice,
  sweep: { readonly combinations: readonly Combination[]; readonly tell: (story: SweptStory) => void },
): Promise<Extract<Played, { kind: "refused" }> | undefined> {
  for (const combination of sweep.combinations) {
    const swept = combination.map(({ key, value }) => `${key}=${value}`);
    const played = await playScenario(path, { path: settings, overrides: [...overrides, ...swept] });
    if (played.kind === "refused") return played;
    sweep.tell({ combination, played });
  }
  return undefined;
}
