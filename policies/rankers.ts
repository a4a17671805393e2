import type { RankerName } from "#domain/branch.ts";
import type { Ranker } from "#engine/define-ranker.ts";

/** Every ranker there is, the default first. In parentheses: what oomd and systemd-oomd call it. */
export const rankers: Readonly<Record<RankerName, Ranker>> = {
  size: {
    name: "size",
    summary: "memory.current over what memory.min and memory.low promise (oomd: kill_by_memory_size_or_growth)",
    goesByRates: false,
    rank: ({ unprotected }) => unprotected,
  },
  growth: {
    name: "growth",
    summary: "how fast grows what its members hold in RAM and swap (oomd: kill_by_memory_size_or_growth)",
    goesByRates: true,
    rank: ({ rates }) => rates?.growth ?? 0,
  },
  swap: {
    name: "swap",
    summary: "what of it is swapped out (oomd: kill_by_swap_usage; systemd-oomd: by swap)",
    goesByRates: false,
    rank: ({ swapped }) => swapped,
  },
  pressure: {
    name: "pressure",
    summary: "share of the time in which all its tasks wait for memory (oomd: kill_by_pressure)",
    goesByRates: true,
    rank: ({ rates }) => rates?.stalled ?? 0,
  },
  pgscan: {
    name: "pgscan",
    summary: "pages scanned to reclaim from it (oomd: kill_by_pg_scan; systemd-oomd: by pressure)",
    goesByRates: true,
    rank: ({ rates }) => rates?.pgscan ?? 0,
  },
  "io-cost": {
    name: "io-cost",
    summary: "time its reads and writes take of a solid-state disk (oomd: kill_by_io_cost)",
    goesByRates: true,
    rank: ({ rates }) => rates?.ioCost ?? 0,
  },
};
