/**
 * Words of which every line has one that begins a report, or adds to one that has a victim.
 * Far most lines of a log have none, and are never decoded.
 */
export const anchors: readonly string[] = [
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

/** Two bytes as one number: single letters of an anchor are everywhere in a log, pairs of them are not. */
const pairAt = (bytes: Uint8Array, end: number): number => ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0);

/** How far the window may move when it ends with a pair: as far as to the next place where an anchor could end it. */
const shifts = shiftsOf(encoded);

/** Anchors by their first byte. */
const beginningWith: readonly (readonly Uint8Array[])[] = Array.from({ length: 256 }, (_, byte) =>
  encoded.filter((anchor) => anchor[0] === byte),
);

/**
 * Where the next anchor is, from `start` on; −1, as `indexOf` has it, if there is none. Wu and Manber's search for several
 * words: by single bytes (Horspool) the window moves by 2.7 in an ordinary log, by pairs by 6.1.
 */
export function indexOfAnchor(bytes: Uint8Array, start: number): number {
  let at = start + window - 1;
  while (at < bytes.length) {
    const shift = shifts[pairAt(bytes, at)] ?? 1;
    if (shift > 0) at += shift;
    else if (isAnchorAt(bytes, at - window + 1)) return at - window + 1;
    else at++;
  }
  return -1;
}

function shiftsOf(words: readonly Uint8Array[]): Uint8Array {
  const farthest = window - 1;
  const found = new Uint8Array(2 ** 16).fill(farthest);
  for (const word of words) {
    for (let end = 1; end < window; end++) {
      const pair = pairAt(word, end);
      found[pair] = Math.min(found[pair] ?? farthest, farthest - end);
    }
  }
  return found;
}

function isAnchorAt(bytes: Uint8Array, start: number): boolean {
  for (const anchor of beginningWith[bytes[start] ?? 0] ?? []) {
    let i = 0;
    while (i < anchor.length && bytes[start + i] === anchor[i]) i++;
    if (i === anchor.length) return true;
  }
  return false;
}
