/** A byte order mark is kept: a name may begin with one, and what is matched has to be what is there. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

const firstNonAscii = 0x80;

/** The text between two offsets. Bytes that are not UTF-8 show as U+FFFD, so no text can fail. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  // Nearly all names are short ASCII: a third of the time TextDecoder takes for them.
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= firstNonAscii) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
