import { knownValue } from "#domain/snapshot.ts";
import type { MemoryFileSystem } from "#domain/surroundings.ts";
import { below, type KiB, percent, percentOf, share, sum } from "#domain/units.ts";
import { describeShare, describeSize } from "#journal/amounts.ts";
import type { CheckUp, Diagnosis } from "./diagnosis.ts";

const topic = "memory";

/** More of RAM than this in min_free_kbytes, and programs starve beside memory that nobody may use. */
const mostMinFree = percent(5);
/** More of RAM than this in file systems of memory is worth a word: no kill gives it back. */
const muchInFiles = percent(10);

/** What else than programs could fill memory, or keep it from them. */
export const examineMemory: CheckUp = ({ snapshot, surroundings: { minFree, lruMinTtl, memoryFileSystems } }) => {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined) return [];
  const { total } = meminfo;
  return [
    { topic, severity: "fine", finding: `${describeSize(total)} of RAM` },
    ...(minFree !== undefined && below(percentOf(mostMinFree, total), minFree) ? [muchKeptFree(minFree, total)] : []),
    ...(lruMinTtl !== undefined && lruMinTtl > 0 ? [kernelKillsEarlier(lruMinTtl)] : []),
    ...overcommitted(knownValue(snapshot.overcommit)),
    ...fileSystems(memoryFileSystems, total),
  ];
};

const muchKeptFree = (minFree: KiB, total: KiB): Diagnosis => ({
  topic,
  severity: "warning",
  finding: `vm.min_free_kbytes keeps ${describeSize(minFree)} free, ${describeShare(share(minFree, total))} of RAM`,
  consequence: "programs wait for memory while that much of it is unused",
  advice: "leave it to the kernel, which chooses a few dozen MiB",
});

/** @see v6.12 mm/vmscan.c: lru_gen_age_node */
const kernelKillsEarlier = (ttl: number): Diagnosis => ({
  topic,
  severity: "warning",
  finding: `the kernel keeps the working set of the last ${ttl} ms (lru_gen/min_ttl_ms)`,
  consequence: "when it cannot, its own OOM killer acts, by its own rules, perhaps before tidemark",
  advice: "set lru_gen/min_ttl_ms back to 0 where tidemark should be first",
});

function overcommitted(mode: string | undefined): readonly Diagnosis[] {
  if (mode !== "never") return [];
  return [
    {
      topic,
      severity: "warning",
      finding: "vm.overcommit_memory is 2: what is promised is counted, not what is used",
      consequence: "programs are refused memory, and end by themselves, while much of it may be free",
      advice: "set it to 0, or let an alarm of detector commit act before the promise is used up",
    },
  ];
}

function fileSystems(all: readonly MemoryFileSystem[], total: KiB): readonly Diagnosis[] {
  const used = sum(all.map((each) => each.used));
  const holders = all.filter((each) => below(percentOf(percent(1), total), each.used));
  if (!below(percentOf(muchInFiles, total), used)) return [];
  return [
    {
      topic,
      severity: "warning",
      finding: `${describeSize(used)} are files in memory: ${holders.map(({ mountPoint, used: held }) => `${describeSize(held)} in ${mountPoint}`).join(", ")}`,
      consequence: "no kill gives them back: they are nobody's",
      advice: "remove what is not needed, or mount with a smaller size=",
    },
  ];
}
