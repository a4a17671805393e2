import { milliseconds } from "#domain/units.ts";

/** In an order in which each is moved in the queue, when it comes or when another goes. */
const spans = [40, 20, 60, 10, 50, 30].map((minutes) => milliseconds(minutes * 60_000));

/** Of a length that nobody else has. */
const ownSpan = milliseconds(7);

/**
 * Sets timers and takes them back; one runs. Node keeps those of one length in a list, and the lists in a queue: in calm there is one, in a kill there
 * are several, and the functions that move them would have to be compiled then, from a text that lies in Node's file.
 */
export function crowdTimers(): void {
  const timers = spans.map((span) => setTimeout(() => undefined, span));
  for (const timer of timers) clearTimeout(timer);
  // A list whose last timer has run goes another way than one whose last was taken back.
  setTimeout(() => undefined, ownSpan);
}
