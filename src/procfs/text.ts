/** A byte order mark is kept: a name may begin with one, and what is matched has to be what is there. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text between two offsets. Bytes that are not UTF-8 show as U+FFFD, so no text can fail. */
export const decodeText = (bytes: Uint8Array, start: number, end: number): string =>
  utf8.decode(bytes.subarray(start, end));
