/** One line of tidemark's journal in JSON, as far as it matters here. */
interface Entry {
  readonly event: string;
  readonly took_ms?: number;
  readonly next_look_ms?: number;
}

const parseEntry = (line: string): Entry | undefined => (line.startsWith("{") ? JSON.parse(line) : undefined);

/**
 * From the start of the look that saw it to the end of the turn that signalled, in milliseconds, as a journal with every
 * look in it tells: the look of the signal, and the one before it if that had called for it at once. Undefined: nobody was
 * signalled, or looks are not told.
 */
export function readFromLook(lines: readonly string[]): number | undefined {
  const entries = lines.flatMap((line) => parseEntry(line) ?? []);
  const signal = entries.findIndex(({ event }) => event === "victim.signalled");
  if (signal === -1) return undefined;
  const isLook = ({ event }: Entry): boolean => event === "look.taken";
  const closer = entries.slice(signal).find(isLook);
  const quiet = entries.slice(0, signal).findLast(isLook);
  if (closer?.took_ms === undefined) return undefined;
  return closer.took_ms + (quiet?.next_look_ms === 0 ? (quiet.took_ms ?? 0) : 0);
}
