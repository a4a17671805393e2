import type { Stall } from "#domain/pressure.ts";
import {
  add,
  type Microseconds,
  type Milliseconds,
  microseconds,
  millisecondsToMicroseconds,
  type Percent,
  ratio,
  scale,
  share,
  subtract,
} from "#domain/units.ts";

/** Which line of PSI. */
export type StallLine = "some" | "full";

/** Stall over a window of our own, by the algorithm of the kernel's triggers. @see kernel/sched/psi.c: window_update */
export interface StallWindow {
  /** Which counter it is about: the two have nothing to do with each other. */
  readonly line: StallLine;
  readonly start: Milliseconds;
  /** `total=` at the start. */
  readonly total: Microseconds;
  /** Growth over the window before this one, which still covers what this one has not reached yet. */
  readonly previousGrowth: Microseconds;
}

/** A window that begins now and remembers nothing: at start, and after every kill, so that an old stall never kills twice. */
export const openStallWindow = (at: Milliseconds, stall: Stall, line: StallLine): StallWindow => ({
  line,
  start: at,
  total: stall.total,
  previousGrowth: microseconds(0),
});

/** What a sample makes of a window. */
export interface StallSample {
  readonly window: StallWindow;
  /** Share of the window spent stalled, the part before its start interpolated. */
  readonly share: Percent;
}

/**
 * Time that nobody looked at cannot be told apart into windows: after a pause longer than the window (suspend, a stopped
 * daemon) the growth is spread over the whole pause, so that an old stall does not look like one of now.
 */
export function sampleStall(
  window: StallWindow,
  stall: Stall,
  { at, size }: { at: Milliseconds; size: Milliseconds },
): StallSample {
  const elapsed = subtract(at, window.start);
  const growth = microseconds(Math.max(0, subtract(stall.total, window.total)));
  if (elapsed > size) {
    const perWindow = scale(growth, ratio(size, elapsed));
    return {
      window: { line: window.line, start: at, total: stall.total, previousGrowth: perWindow },
      share: share(perWindow, millisecondsToMicroseconds(size)),
    };
  }
  const before = scale(window.previousGrowth, ratio(subtract(size, elapsed), size));
  return { window, share: share(add(growth, before), millisecondsToMicroseconds(size)) };
}
