import { claimTable, renderMarkdown } from "#test/support/bench/render-bench.ts";
import { claimsOf } from "./claims.ts";
import { detailsOf } from "./details.ts";
import { type LabStory, releasesOf } from "./runs.ts";
import { summaryOf } from "./summary.ts";

const heading = "## Real shortage";

/** The lab's part of a page of benchmarks, which others that write the page keep; empty: it has none. */
export function labSectionOf(page: string): string {
  const begin = page.indexOf(heading);
  if (begin === -1) return "";
  const end = page.indexOf("\n## ", begin);
  return `${page.slice(begin, end === -1 ? undefined : end).trimEnd()}\n`;
}

/** A page with this as the lab's part, at its end. */
export function withLabSection(page: string, section: string): string {
  const older = labSectionOf(page);
  const others = older === "" ? [page] : page.split(older);
  const parts = [...others, section].map((part) => part.trim()).filter(Boolean);
  return `${parts.join("\n\n")}\n`;
}

/** A picture of a story: its path from the page, and what it shows. */
export interface Picture {
  readonly path: string;
  readonly shows: string;
}

/** What goes into the lab's part of a page. */
export interface LabPage {
  readonly stories: readonly LabStory[];
  readonly guards: readonly string[];
  /** By the name of the story. */
  readonly pictures: ReadonlyMap<string, Picture>;
}

/** The lab's part of a page. */
export function labSection({ stories, guards, pictures }: LabPage): string {
  const details = stories.flatMap((each) => [
    `### ${each.story.name}`,
    ...[pictures.get(each.story.name)].flatMap((picture) => (picture ? [`![${picture.shows}](${picture.path})`] : [])),
    renderMarkdown(detailsOf(each)),
  ]);
  const tables = [summaryOf(stories, guards), claimTable(claimsOf(stories))].map(renderMarkdown);
  return `${[heading, introduction(releasesOf(stories)), ...tables, ...details].join("\n\n")}\n`;
}

const introduction = (releases: readonly string[]): string =>
  `\`npm run lab -- --keep FOLDER --write\`: stories of \`test/vm/scenarios\`, in virtual machines with 1 GiB and Linux ${releases.join(", ")}.
- Peers are the host's Debian packages, as their services start them. All figures are medians of the runs.
- A guest's time is counted in instructions (a processor of 1 GHz), so what else the host does hardly matters.
- right: in how many runs whoever had to go went, by the guard's hand, and nobody else. kernel: in how many the kernel's OOM killer had to kill.
- stall: the longest that somebody before the machine was kept waiting; stalled: all such waits together. Less than 50 ms is none; two that differ by less than 100 ms are equal, as a busy host makes such a difference.
- recovery: from when somebody first waited, or available memory and free swap together fell below a tenth of RAM, until for a second there was neither. \`>\`: that had not come when the story ended.
- resident, faults (those that need a disk) and CPU are the guard's own.`;
