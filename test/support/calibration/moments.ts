/** What can happen in a story: the same words for the real machine and for the simulated one. */
export type Happening =
  | `${"low" | "min"} crossed`
  | `${string} holds ${number} MiB`
  | `SIGTERM to ${string}`
  | `SIGKILL to ${string}`
  | `the kernel kills ${string}`
  | `${string} is gone`
  | `memory of ${string} is back`;

/** Something that happened, in milliseconds of whatever clock the story has. */
export interface Moment {
  readonly at: number;
  readonly what: Happening;
}

/** From one happening to another: the first of each. */
export type Span = readonly [from: Happening, to: Happening];

/** A span as it is named in what was recorded. */
export const nameOfSpan = ([from, to]: Span): string => `${from} → ${to}`;

/** What a story came to: who died, in which order, and how long each of its spans took. */
export interface Told {
  readonly victims: readonly string[];
  readonly spans: Readonly<Record<string, number>>;
}

/** Sums a story up. @throws Error when something that a span needs never happened */
export function summarize(moments: readonly Moment[], spans: readonly Span[]): Told {
  const inOrder = [...moments].sort((a, b) => a.at - b.at);
  const when = (what: Happening): number => {
    const found = inOrder.find((moment) => moment.what === what);
    if (found !== undefined) return found.at;
    throw new Error(`Cannot sum up: "${what}" never happened; what did: ${inOrder.map((one) => one.what).join(", ")}`);
  };
  return {
    victims: victimsIn(inOrder),
    spans: Object.fromEntries(spans.map(([from, to]) => [nameOfSpan([from, to]), when(to) - when(from)])),
  };
}

const strike = /^(?:SIGTERM to|SIGKILL to|the kernel kills) (.+)$/;

const victimsIn = (inOrder: readonly Moment[]): readonly string[] => [
  ...new Set(
    inOrder.flatMap(({ what }) => {
      const victim = strike.exec(what)?.[1];
      return victim === undefined ? [] : [victim];
    }),
  ),
];
