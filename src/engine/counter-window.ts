import { type Milliseconds, ratio, subtract } from "#domain/units.ts";

/** Counters of the kernel by name, as they stand or as they grew. */
export type Counts<C extends string = string> = Readonly<Record<C, number>>;

/** Counters as they were read; undefined: they were not, at this look. */
export type Readings<C extends string = string> = Readonly<Record<C, number | undefined>>;

/** Counters over a window of our own, by the algorithm of the kernel's PSI triggers. @see kernel/sched/psi.c: window_update */
export interface CounterWindow {
  readonly start: Milliseconds;
  /** As they stood at the start, or when they were first read after it. */
  readonly counts: Readings;
  /** Growth over the window before this one, which still covers what this one has not reached yet. */
  readonly before: Counts;
}

/** A window that begins now and remembers nothing: at start, and after every kill, so that old trouble never kills twice. */
export const openWindow = (start: Milliseconds, counts: Readings): CounterWindow => ({ start, counts, before: {} });

/** What a sample makes of a window. */
export interface CounterSample {
  readonly window: CounterWindow;
  /** Growth over the whole window; the part before its start is interpolated. */
  readonly growth: Counts;
}

/**
 * Time that nobody looked at cannot be told apart into windows: after looks further apart than the window, the growth is
 * spread over all the time between them. Counters that are not read at every look grow from the first look that reads them.
 */
export function sampleWindow(
  window: CounterWindow,
  counts: Readings,
  { at, size }: { readonly at: Milliseconds; readonly size: Milliseconds },
): CounterSample {
  const elapsed = subtract(at, window.start);
  const grown = mapCounts(counts, (count, name) =>
    count === undefined ? 0 : Math.max(0, count - (window.counts[name] ?? count)),
  );
  if (elapsed > size) {
    const perWindow = mapCounts(grown, (by) => by * ratio(size, elapsed));
    return { window: { start: at, counts, before: perWindow }, growth: perWindow };
  }
  const uncovered = ratio(subtract(size, elapsed), size);
  const growth = mapCounts(grown, (by, name) => by + (window.before[name] ?? 0) * uncovered);
  return { window: withNew(window, counts), growth };
}

/** The same window, with counters that were not read when it began. */
function withNew(window: CounterWindow, counts: Readings): CounterWindow {
  const isNew = (name: string): boolean => window.counts[name] === undefined && counts[name] !== undefined;
  return Object.keys(counts).some(isNew) ? { ...window, counts: { ...counts, ...known(window.counts) } } : window;
}

const known = (counts: Readings): Readings =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));

const mapCounts = <T extends number | undefined>(
  counts: Readonly<Record<string, T>>,
  change: (count: T, name: string) => number,
): Counts => Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, change(count, name)]));
