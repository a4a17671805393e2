import { atLeast, lessened, type Milliseconds, milliseconds, subtract } from "#domain/units.ts";

/** The clocks that a suspended machine drives apart. */
export interface Clocks {
  /** Stands still while the machine is suspended. */
  readonly monotonic: () => Milliseconds;
  /** Goes on. */
  readonly boottime: () => Milliseconds;
}

/** Two clocks are not read at one moment: less than this is no sleep. */
const readApart = milliseconds(10);

/** Tells how long the machine was suspended since the last call, or since this was made. Undefined: it was not. */
export function makeSleepMeter({ monotonic, boottime }: Clocks): () => Milliseconds | undefined {
  const ahead = (): Milliseconds => subtract(boottime(), monotonic());
  let before = ahead();
  return () => {
    const now = ahead();
    const slept = lessened(now, before);
    before = now;
    return atLeast(slept, readApart) ? slept : undefined;
  };
}
