import type { Encode } from "./entry.ts";

/** One JSON object per line: level, time, event and message_id first, the sentence last. */
export const encodeJson: Encode = ({ wallTime, event, messageId, level, fields, suppressed, sentence }) =>
  `${JSON.stringify({
    level,
    time: new Date(wallTime).toISOString(),
    event,
    message_id: messageId,
    ...fields,
    ...(suppressed > 0 && { suppressed }),
    message: sentence,
  })}\n`;
