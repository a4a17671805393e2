import { type Milliseconds, seconds } from "#domain/units.ts";
import { declarationOf, type EventFields, type EventName } from "./catalogue.ts";
import type { Encode } from "./entry.ts";
import { type Level, levels } from "./event.ts";
import { presentable } from "./presentable.ts";
import type { Sink, Urgency } from "./sink.ts";
import { createThrottle } from "./throttle.ts";

/** Where everything that happens is written down. */
export interface Journal {
  /** Writes an entry, or counts it as suppressed or dropped. Never waits. */
  emit<N extends EventName>(event: N, fields: EventFields<N>): void;
  /** Hands on what waits: to be called at every turn of the loop. */
  flush(): void;
  /** The last words: waits for a slow reader, at most so long at a time. */
  close(patience: Milliseconds): void;
}

/** What a journal is made of. */
export interface JournalOptions {
  readonly sink: Sink;
  readonly encode: Encode;
  /** Entries milder than this are not made at all. */
  readonly level: Level;
  /** Never set back; drives the throttle. */
  readonly now: () => Milliseconds;
  /** Milliseconds since 1970; only printed. */
  readonly wallTime: () => number;
}

interface Manner {
  readonly suppressed: number;
  readonly urgency: Urgency;
}

const onceIn = seconds(60);

/** A journal that writes lines into a sink. */
export function createJournal({ sink, encode, level, now, wallTime }: JournalOptions): Journal {
  const throttle = createThrottle(onceIn);
  const isWanted = (of: Level): boolean => levels.indexOf(of) <= levels.indexOf(level);
  let dropped = 0;

  const write = <N extends EventName>(event: N, given: EventFields<N>, { suppressed, urgency }: Manner): boolean => {
    const declaration = declarationOf(event);
    const fields = presentable(given);
    const sentence = declaration.sentence(fields);
    const { messageId, level: entryLevel } = declaration;
    const line = encode({ wallTime: wallTime(), event, messageId, level: entryLevel, fields, suppressed, sentence });
    return sink.write(line, urgency);
  };

  // Ordinary, or each lost line would cost urgent ones their room.
  const confessDropped = (): void => {
    if (dropped > 0 && write("journal.dropped", { dropped }, { suppressed: 0, urgency: "ordinary" })) dropped = 0;
  };

  const flush = (): void => {
    sink.flush();
    confessDropped();
    sink.flush();
  };

  return {
    emit: (event, fields) => {
      const { level: eventLevel, repeats } = declarationOf(event);
      if (!isWanted(eventLevel)) return;
      const suppressed = repeats === undefined ? 0 : throttle.admit(`${event} ${repeats(fields)}`, now());
      if (suppressed === undefined) return;
      confessDropped();
      if (!write(event, fields, { suppressed, urgency: urgencyOf(eventLevel) })) dropped += 1;
      sink.flush();
    },
    flush,
    close: (patience) => {
      sink.drain(patience);
      confessDropped();
      sink.drain(patience);
    },
  };
}

const urgencyOf = (level: Level): Urgency => (level === "error" || level === "warn" ? "urgent" : "ordinary");
