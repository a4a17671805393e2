import type { OomFacts, RecordKind } from "./finding.ts";
import { known, numberAfter, wordsOf } from "./words.ts";

const zoneLine = /^(?:Node (\d{1,4}) )?([A-Z][A-Za-z0-9]{1,15}) free:\d/;
const buddyLine = /^(?:Node (\d{1,4}) )?([A-Z][A-Za-z0-9]{1,15}): \d{1,12}\*\d/;
const reserveLine = "lowmem_reserve[]:";
const onlyNode = 0;

/** The line that begins the part about the machine's memory. */
export const memoryHeading: RecordKind = {
  stage: "memory",
  begins: (text) => /^Mem-[Ii]nfo:/.test(text),
  read: () => ({ kind: "facts", facts: {} }),
};

/** `Node N ZONE free:NkB …`; without the node where the kernel knows of one only. */
export const zoneFigures: RecordKind = {
  stage: "memory",
  begins: (text) => zoneLine.test(text),
  goesOn: (_text, next) => next.includes("kB") || next.includes("KB"),
  read: ({ spaced }) => {
    const [, node = onlyNode, name = ""] = zoneLine.exec(spaced) ?? [];
    const kib = (key: string) => numberAfter(spaced, key, "kB");
    const figures = known({
      freeKib: kib("free:"),
      minKib: kib("min:"),
      lowKib: kib("low:"),
      highKib: kib("high:"),
      presentKib: kib("present:"),
      managedKib: kib("managed:"),
    });
    return { kind: "zone", zone: { node: Number(node), name, ...figures } };
  },
};

/** `lowmem_reserve[]: N N N`, of the zone before it. */
export const zoneReserve: RecordKind = {
  stage: "memory",
  begins: (text) => text.startsWith(reserveLine),
  read: ({ spaced, isCut }) => {
    const words = wordsOf(spaced.slice(reserveLine.length)).slice(0, 16);
    const isWhole = !isCut && words.every((word) => /^\d{1,15}$/.test(word));
    return isWhole ? { kind: "zone-part", part: { protectionPages: words.map(Number) } } : undefined;
  },
};

/** `Node N ZONE: n*4kB (UME) n*8kB … = NkB`: free blocks of each order. */
export const zoneBlocks: RecordKind = {
  stage: "memory",
  begins: (text) => buddyLine.test(text),
  goesOn: (text, next) => !/= \d{1,15}kB$/.test(text) && next.includes("kB"),
  read: ({ spaced }) => {
    const [, node = onlyNode, name = ""] = buddyLine.exec(spaced) ?? [];
    const zone = { node: Number(node), name };
    const blocks = [...spaced.matchAll(/(?<= )(\d{1,12})\*\d{1,9}kB\b/g)].map(([, count]) => Number(count));
    const isWhole = / = \d{1,15}kB$/.test(spaced.slice(-24));
    return isWhole ? { kind: "zone-part", zone, part: { freeBlocks: blocks } } : undefined;
  },
};

/** `active_anon:N inactive_anon:N …` in pages, over several lines. */
export const totalsLine: RecordKind = {
  stage: "memory",
  begins: (text) => /^[a-z_]{4,24}:\d/.test(text) && !/\dkB/i.test(text),
  read: ({ spaced }) => {
    const totals = known({
      shmemPages: numberAfter(spaced, "shmem:"),
      slabReclaimablePages: numberAfter(spaced, "slab_reclaimable:"),
      slabUnreclaimablePages: numberAfter(spaced, "slab_unreclaimable:"),
      pagetablesPages: numberAfter(spaced, "pagetables:"),
      activeFilePages: numberAfter(spaced, "active_file:"),
      inactiveFilePages: numberAfter(spaced, "inactive_file:"),
    });
    return { kind: "facts", facts: Object.keys(totals).length === 0 ? {} : { totals } };
  },
};

/** `Node N …` lines, also of huge pages: which nodes there are. */
export const nodeLine: RecordKind = {
  stage: "memory",
  begins: (text) => /^(?:hugetlb: )?Node \d{1,4} (?:active_anon:|hugepages_total=)/.test(text),
  goesOn: (text, next) => text.includes("kB") && next.includes("kB"),
  read: ({ spaced }) => ({ kind: "node", node: Number(/\d+/.exec(spaced)?.[0]) }),
};

/** `N pages RAM`, `Free swap  = NkB` and their like. */
export const sizeLine: RecordKind = {
  stage: "memory",
  begins: (text) => /^(?:\d{1,16} (?:pages|total pagecache|reserved pages)|(?:Free|Total) swap {0,3}[=:])/.test(text),
  read: ({ spaced }) => {
    const facts = sizeOf(spaced);
    return facts === undefined ? undefined : { kind: "facts", facts };
  },
};

function sizeOf(text: string): OomFacts | undefined {
  const pages = /^(0|[1-9]\d{0,14}) /.exec(text)?.[1];
  const kib = /^\w+ swap {0,3}[=:] {0,20}(0|[1-9]\d{0,14})kB$/.exec(text)?.[1];
  if (pages !== undefined && /^\d+ pages (?:of )?RAM$/.test(text)) return { ramPages: Number(pages) };
  if (pages !== undefined && /^\d+ (?:pages reserved|reserved pages)$/.test(text))
    return { reservedPages: Number(pages) };
  if (text.startsWith("Free") && kib !== undefined) return { freeSwapKib: Number(kib) };
  if (text.startsWith("Total") && kib !== undefined) return { totalSwapKib: Number(kib) };
  return pages === undefined ? undefined : {};
}
