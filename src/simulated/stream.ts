import {
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  millisecondsToSeconds,
  scale,
  subtract,
} from "#domain/units.ts";

const nothing = kib(0);

/** A file that is read or written once, and how far it has come. */
export interface Stream {
  readonly perSecond: KiB;
  /** What is left of it. Undefined: it never ends. */
  left: KiB | undefined;
  /** What is to be done in the step under way. */
  wanted: KiB;
}

/** A stream at its beginning. */
export const startStream = (
  script: { readonly perSecond: KiB; readonly size?: KiB } | undefined,
): Stream | undefined =>
  script === undefined ? undefined : { perSecond: script.perSecond, left: script.size, wanted: nothing };

/** How much a stream would do in a span. */
export function wantFromStream(stream: Stream, span: Milliseconds): KiB {
  const wanted = scale(stream.perSecond, millisecondsToSeconds(span));
  stream.wanted = stream.left === undefined ? wanted : least(stream.left, wanted);
  return stream.wanted;
}

/** Nothing of it is left. */
export const isOver = (stream: Stream | undefined): boolean => stream === undefined || stream.left === 0;

/** Does a part of what was wanted. Returns how much that is. */
export function advanceStream(stream: Stream, part: number): KiB {
  const done = scale(stream.wanted, part);
  if (stream.left !== undefined) stream.left = lessened(stream.left, done) < 1 ? nothing : subtract(stream.left, done);
  return done;
}
