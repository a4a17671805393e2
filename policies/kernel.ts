import { type Bytes, type KiB, kibToPages, type Pages, pages, pagesToKiB, scale } from "#domain/units.ts";
import { badness, definePolicy, type ScoredProcess } from "#engine/define-policy.ts";

/** What one step of oom_score_adj is worth: `totalpages / 1000`, truncated. */
function adjStep(total: KiB, pageSize: Bytes): Pages {
  return pages(Math.trunc(kibToPages(total, pageSize) / 1000));
}

const inPages = (value: KiB, pageSize: Bytes): KiB => pagesToKiB(kibToPages(value, pageSize), pageSize);

const sizes = ({ memory }: ScoredProcess, pageSize: Bytes) => ({
  rss: inPages(memory.counted, pageSize),
  swap: inPages(memory.swap, pageSize),
  page_tables: inPages(memory.pageTables, pageSize),
});

/**
 * The kernel's own score: `rss + swapents + pgtables/PAGE_SIZE + adj × (totalpages / 1000)`, in whole pages.
 * Resident is what the running kernel counts, which is not always what it shows.
 * @see v6.12 mm/oom_kill.c: oom_badness
 */
export const kernel = definePolicy({
  name: "kernel",
  summary: "Decide as the kernel's own OOM killer would",
  needs: ["meminfo", "processes"],
  options: {},
  score: (process, { total, pageSize }) =>
    badness({
      ...sizes(process, pageSize),
      oom_score_adj: pagesToKiB(scale(adjStep(total, pageSize), process.oomScoreAdj), pageSize),
    }),
  bounds: "permille",
  limit: ({ permille }, { total }) => scale(total, permille / 1000),
});
