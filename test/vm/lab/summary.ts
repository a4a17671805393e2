import type { Table } from "#test/support/bench/bench.ts";
import { middleWaiting, showSpan } from "./median.ts";
import type { LabRun, LabStory } from "./runs.ts";

/** All stories under all guards: in how many runs it ended as it had to, and the median of the longest stall. */
export function summaryOf(stories: readonly LabStory[], guards: readonly string[]): Table {
  const played = guards.filter((guard) => stories.some(({ runs }) => runs.has(guard)));
  return {
    title: "Ended as it had to, longest stall",
    columns: ["story", ...played],
    rows: stories.map(({ story, runs }) => [
      `[${story.name}](#${story.name})`,
      ...played.map((guard) => cellOf(runs.get(guard))),
    ]),
  };
}

function cellOf(runs: readonly LabRun[] | undefined): string {
  const stall = middleWaiting(runs, "longestStall");
  if (runs === undefined || stall === undefined) return "";
  return `${runs.filter(({ figures }) => figures.isRight).length}/${runs.length}, ${showSpan(stall)}`;
}
