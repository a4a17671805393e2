import type { WrittenMemcg } from "#config/memcgs.ts";
import { type Problem, warning } from "#config/problem.ts";
import type { MemcgStanding } from "#domain/memcg.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import type { KiB } from "#domain/units.ts";
import { fitsPath } from "#domain/wildcard.ts";
import { describeSize } from "#journal/amounts.ts";
import type { MemcgView } from "./views/memcg-view.ts";

/** What is to be said about the memcgs that were written, as they are now. None of it is an error: memcgs come and go. */
export function adviseOnMemcgs(
  written: readonly WrittenMemcg[],
  { views, snapshot }: { readonly views: readonly MemcgView[]; readonly snapshot: Snapshot },
): readonly Problem[] {
  const isV1 = knownValue(snapshot.memcgs)?.some(({ limits }) => limits.kind === "v1") ?? false;
  return written.flatMap(({ path, stall, place }): readonly Problem[] => {
    const own = views.filter(({ memcg }) => memcg === path || fitsPath(memcg, path));
    const unwatched = own.flatMap(({ memcg, standing, limit_kib: limit }) => {
      const why = whyUnwatched(standing, limit);
      return why === undefined ? [] : [warning(place, `Cannot watch "${memcg}" now: ${why}`)];
    });
    if (!isV1 || Object.keys(stall).length === 0) return unwatched;
    const silent = `Cannot tell of stalls in "${path}": cgroup v1 does not count them; remove stall_limit and stall_window`;
    return [...unwatched, warning(place, silent)];
  });
}

function whyUnwatched(standing: MemcgStanding, limit: KiB | undefined): string | undefined {
  switch (standing) {
    case "watched":
      return undefined;
    case "absent":
      return "there is no such memcg; it is watched when it comes";
    case "unlimited":
      return "it has no limit, and so no shortage of its own; give it one, write the path of the one above it that has, or size_limit or another of its own limits";
    case "limit-too-small":
      return `its watermarks do not fit into its limit${limit === undefined ? "" : ` of ${describeSize(limit)}`}; write shares of the limit`;
  }
}
