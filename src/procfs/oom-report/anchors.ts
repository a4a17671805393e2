/**
 * Words of which every line has one that begins a report, or adds to one that has a victim.
 * Far most lines of a log have none, and are never decoded.
 */
const anchors = [
  "oom-kill",
  "oom_reaper",
  "oom killer",
  "of memory",
  "OOM victim",
  "illed process ",
  "ill process ",
  "memory.oom.group",
  "deadlocked on memory",
  "panic_on_oom",
  "Mem-Info",
  "Mem-info",
  "killed as a result of",
  "Memory limit reached",
  "memory: usage",
  "cgroup stats",
  "pagecache pages",
  "pages RAM",
  "total_vm",
];

const encoded: readonly Uint8Array[] = anchors.map((anchor) => new TextEncoder().encode(anchor));
const window = Math.min(...encoded.map(({ length }) => length));

/** How far the window may move when it ends with a byte: as far as to the next place where an anchor could end it. */
const shifts = Uint8Array.from({ length: 256 }, (_, byte) =>
  Math.min(...encoded.map((anchor) => window - 1 - anchor.lastIndexOf(byte, window - 1)), window),
);

/** Anchors by the byte that ends their window. */
const endingWith: readonly (readonly Uint8Array[])[] = Array.from({ length: 256 }, (_, byte) =>
  encoded.filter((anchor) => anchor[window - 1] === byte),
);

/** Where the next anchor is, from `start` on; −1, as `indexOf` has it, if there is none. Boyer, Moore and Horspool's search, for several words. */
export function indexOfAnchor(bytes: Uint8Array, start: number): number {
  let at = start + window - 1;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const shift = shifts[byte] ?? 1;
    if (shift > 0) at += shift;
    else if (isAnchorAt(bytes, at - window + 1)) return at - window + 1;
    else at++;
  }
  return -1;
}

function isAnchorAt(bytes: Uint8Array, start: number): boolean {
  for (const anchor of endingWith[bytes[start + window - 1] ?? 0] ?? []) {
    let i = 0;
    while (i < anchor.length && bytes[start + i] === anchor[i]) i++;
    if (i === anchor.length) return true;
  }
  return false;
}
