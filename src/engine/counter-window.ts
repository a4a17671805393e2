import { type Milliseconds, ratio, subtract } from "#domain/units.ts";

/** Counters of the kernel by name, as they stand or as they grew. */
export type Counts<C extends string = string> = Readonly<Record<C, number>>;

/** Counters over a window of our own, by the algorithm of the kernel's PSI triggers. @see kernel/sched/psi.c: window_update */
export interface CounterWindow {
  readonly start: Milliseconds;
  /** As they stood at the start. */
  readonly counts: Counts;
  /** Growth over the window before this one, which still covers what this one has not reached yet. */
  readonly before: Counts;
}

/** A window that begins now and remembers nothing: at start, and after every kill, so that old trouble never kills twice. */
export const openWindow = (start: Milliseconds, counts: Counts): CounterWindow => ({ start, counts, before: {} });

/** What a sample makes of a window. */
export interface CounterSample {
  readonly window: CounterWindow;
  /** Growth over the whole window; the part before its start is interpolated. */
  readonly growth: Counts;
}

/**
 * Time that nobody looked at cannot be told apart into windows: after looks further apart than the window, the growth is
 * spread over all the time between them.
 */
export function sampleWindow(
  window: CounterWindow,
  counts: Counts,
  { at, size }: { readonly at: Milliseconds; readonly size: Milliseconds },
): CounterSample {
  const elapsed = subtract(at, window.start);
  const grown = mapCounts(counts, (count, name) => Math.max(0, count - (window.counts[name] ?? count)));
  if (elapsed > size) {
    const perWindow = mapCounts(grown, (growth) => growth * ratio(size, elapsed));
    return { window: { start: at, counts, before: perWindow }, growth: perWindow };
  }
  const uncovered = ratio(subtract(size, elapsed), size);
  return { window, growth: mapCounts(grown, (growth, name) => growth + (window.before[name] ?? 0) * uncovered) };
}

const mapCounts = (counts: Counts, change: (count: number, name: string) => number): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, change(count, name)]));
