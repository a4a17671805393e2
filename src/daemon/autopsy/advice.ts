import { below, scale } from "#domain/units.ts";
import { adjOf } from "#engine/rejudge/points.ts";
import { describeShare, describeSize } from "#journal/amounts.ts";
import type { Account } from "./account.ts";
import { mostOrder } from "./shortage.ts";
import { printedKib } from "./sizes.ts";

/** What to do about it, and the finding it comes from. */
export interface Advice {
  readonly about: string;
  readonly text: string;
}

interface Counsel {
  readonly about: string;
  /** Undefined: the report does not show that this is the matter. */
  readonly says: (account: Account) => string | undefined;
}

/** A share of the whole from which on something counts as large. */
const large = 25;
const most = 50;
const manyWorkers = 5;

const quote = (name: string): string => `"${name}"`;

const counsels: readonly Counsel[] = [
  {
    about: "sysrq",
    says: ({ report }) =>
      report.trigger?.order === -1
        ? "Somebody asked for this kill through SysRq (f); memory need not have been short."
        : undefined,
  },
  {
    about: "memcg-limit",
    says: ({ report, families: [first], sizeOfFamily }) => {
      if (report.constraint !== "memcg") return undefined;
      const where = report.memcg?.path === undefined ? "a memory cgroup" : `memory cgroup ${report.memcg.path}`;
      const limit =
        report.memcg?.limitKib === undefined
          ? "its limit"
          : `its limit of ${describeSize(printedKib(report.memcg.limitKib))}`;
      const culprit =
        first === undefined
          ? "its processes"
          : `${quote(first.name)}, which held ${describeSize(sizeOfFamily(first))},`;
      return `Only ${where} was full: it reached ${limit}, whatever the machine had left. Raise the limit (memory.max, or the limit of the container or unit), or find out why ${culprit} grew.`;
    },
  },
  {
    about: "nodes",
    says: ({ report }) => {
      const nodes = report.constraint === "cpuset" ? report.memsAllowed : report.nodemask;
      if (report.constraint !== "cpuset" && report.constraint !== "memory-policy") return undefined;
      const only = nodes === undefined ? "some NUMA nodes" : `NUMA node ${nodes}`;
      return `Only ${only} could be used, by ${report.constraint === "cpuset" ? "cpuset" : "memory policy (numactl, mbind)"}; other nodes may have had memory. Allow more nodes, or prefer a node where it is bound to one now.`;
    },
  },
  {
    about: "fragmentation",
    says: ({ report, zones }) => {
      const order = report.trigger?.order ?? 0;
      if (order <= 0 || order > mostOrder || !zones.some(({ state }) => state === "fragmented")) return undefined;
      return `Memory was free, but not in one piece of ${2 ** order} pages (order ${order}): a driver or a network buffer asked for it. Raise vm.min_free_kbytes, let memory be compacted (vm.compact_memory, vm.compaction_proactiveness), and look in the call trace for who needs such pieces.`;
    },
  },
  {
    about: "page-fault",
    says: ({ report }) =>
      /^0x0\b/.test(report.trigger?.gfpMask ?? "")
        ? "Nobody was short of memory for certain: a page fault failed for some reason, and kernels before 5.16 kill then too (pagefault_out_of_memory). Update the kernel."
        : undefined,
  },
  {
    about: "movable-only",
    says: ({ zones }) =>
      zones.some(({ name, state }) => name === "Movable" && state === "not-usable") &&
      !zones.some(({ state }) => state === "below-min" || state === "fragmented")
        ? "What was free lay in a Movable zone, which this request may not use: its memory could not be moved later. Bind to a node that has other zones too, or make less memory movable (movablecore, memory hotplug)."
        : undefined,
  },
  {
    about: "low-zone",
    says: ({ zones }) =>
      zones.some(({ name }) => name === "HighMem") && zones.some(({ state }) => state === "not-usable")
        ? "Only memory the kernel can address directly would do, and a 32-bit machine has less than 1 GiB of that, whatever lies in HighMem. A 64-bit kernel has no such limit."
        : undefined,
  },
  {
    about: "one-hog",
    says: ({ largest, sizeOf, shareOfCapacity, isProtected }) => {
      if (largest === undefined || isProtected(largest) || shareOfCapacity(sizeOf(largest)) < most) return undefined;
      const size = sizeOf(largest);
      return `${quote(largest.name)} (${largest.tgid}) alone held ${describeSize(size)}, ${describeShare(shareOfCapacity(size))} of what there is: a leak, or more than there is room for. A limit of its own (MemoryMax= of its unit, a heap limit) keeps others out of it.`;
    },
  },
  {
    about: "many-workers",
    says: ({ families, sizeOfFamily, shareOfTable }) => {
      const crowd = families.find(
        (each) => each.tasks.length >= manyWorkers && shareOfTable(sizeOfFamily(each)) >= large,
      );
      if (crowd === undefined) return undefined;
      const size = sizeOfFamily(crowd);
      return `${crowd.tasks.length} processes named ${quote(crowd.name)} held ${describeSize(size)} together, ${describeSize(scale(size, 1 / crowd.tasks.length))} each. Start fewer of them (workers, children, jobs), or give all of them one limit.`;
    },
  },
  {
    about: "protected-hog",
    says: ({ largest, sizeOf, isProtected, report }) =>
      largest === undefined || report.victim === undefined || !isProtected(largest)
        ? undefined
        : `The largest of all, ${quote(largest.name)} (${largest.tgid}) with ${describeSize(sizeOf(largest))}, is out of reach: its oom_score_adj is -1000, so others die for it. Protect less, or limit it.`,
  },
  {
    about: "adj-chose",
    says: ({ report, largest, sizeOf }) => {
      const victim = report.tasks.find(({ pid }) => pid === report.victim?.pid);
      if (victim === undefined || largest === undefined || adjOf(victim) <= 0) return undefined;
      if (!below(sizeOf(victim), scale(sizeOf(largest), 1 / 2))) return undefined;
      return `${quote(victim.name)} held only ${describeSize(sizeOf(victim))} and died because of its oom_score_adj of ${adjOf(victim)}; ${quote(largest.name)} held ${describeSize(sizeOf(largest))}. If the wrong one died, lower that value where it is set (browsers, containers and units set it).`;
    },
  },
  {
    about: "no-swap",
    says: ({ report }) =>
      report.totalSwapKib === 0 && report.constraint !== "memcg"
        ? "There is no swap: nothing that rests could be moved out. A little of it (zram, or a file of a few GiB) gives time to act."
        : undefined,
  },
  {
    about: "swap-full",
    says: ({ report }) => {
      const { totalSwapKib = 0, freeSwapKib } = report;
      if (totalSwapKib <= 0 || freeSwapKib === undefined || freeSwapKib * 50 > totalSwapKib) return undefined;
      return `Swap was full as well (${describeSize(printedKib(totalSwapKib))}): more of it would only have put this off. A machine crawls for a while before it comes to that; tidemark acts in that time.`;
    },
  },
  {
    about: "shared-memory",
    says: ({ report, sizeOfPages, shareOfCapacity }) => {
      const size = sizeOfPages(report.totals?.shmemPages ?? 0);
      if (report.constraint === "memcg" || shareOfCapacity(size) < large) return undefined;
      return `Shared memory and tmpfs held ${describeSize(size)}, which no kill gives back: look for files in /tmp and /dev/shm, and for segments nobody uses (ipcs -m).`;
    },
  },
  {
    about: "kernel-memory",
    says: ({ report, sizeOfPages, shareOfCapacity }) => {
      const { slabReclaimablePages = 0, slabUnreclaimablePages = 0 } = report.totals ?? {};
      const size = sizeOfPages(slabReclaimablePages + slabUnreclaimablePages);
      if (report.constraint === "memcg" || shareOfCapacity(size) < large) return undefined;
      return `The kernel itself held ${describeSize(size)} in slab caches, ${describeSize(sizeOfPages(slabUnreclaimablePages))} of it not reclaimable: no process holds that. Look with slabtop for what grows.`;
    },
  },
  {
    about: "panic",
    says: ({ report }) =>
      report.ending === "panicked"
        ? "The machine panicked: vm.panic_on_oom is set, or nobody could be killed."
        : undefined,
  },
];

/** What the report shows to be the matter, and what to do about each, the most telling first. */
export const giveAdvice = (account: Account): readonly Advice[] =>
  counsels.flatMap(({ about, says }) => {
    const text = says(account);
    return text === undefined ? [] : [{ about, text }];
  });
