import { type Problem, warning } from "#config/problem.ts";
import type { SourceText } from "#config/source-text.ts";
import { findStrangers, type Ownership } from "#linux/strangers.ts";

/** A file of settings, or a folder that holds some. */
export interface Owned {
  readonly source: SourceText;
  readonly stats: Ownership;
}

/**
 * Warns of what others than root may change: whoever writes the settings of a killer that runs as root has processes of
 * anybody killed. A warning and no refusal, since a killer that does not start at all protects nobody.
 */
export function adviseOnOwners(settings: readonly Owned[]): readonly Problem[] {
  return settings.flatMap(({ source, stats }) => {
    const strangers = findStrangers(stats);
    if (strangers === undefined) return [];
    const message =
      `Cannot trust "${source.path}": ${strangers} may change it, and so have any process killed; ` +
      "run chown root and chmod go-w on it";
    return [warning({ source, span: { start: 0, end: 0 } }, message)];
  });
}
