import { pino } from "pino";
import type { Encode, Entry } from "./entry.ts";

/** One JSON object per line: level, time, event and message_id first, the sentence last. */
export function jsonEncoder(): Encode {
  let line = "";
  let entry: Entry | undefined;
  const log = pino(
    {
      base: null,
      level: "debug",
      messageKey: "message",
      timestamp: () => `,"time":"${new Date(entry?.wallTime ?? 0).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    {
      write: (text: string) => {
        line = text;
      },
    },
  );

  return (next) => {
    entry = next;
    const { event, messageId: message_id, fields, suppressed, sentence } = next;
    log[next.level]({ event, message_id, ...fields, ...(suppressed > 0 && { suppressed }) }, sentence);
    return line;
  };
}
