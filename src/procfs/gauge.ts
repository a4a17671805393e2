/**
 * Reads one number of a kernel file where it was found the last time; undefined: the file does not have it. Makes nothing, and
 * looks at nothing but that place as long as the number is still there: for files that are read for years to see that nothing
 * has changed.
 */
export type Gauge = (bytes: Uint8Array, size: number) => number | undefined;

const space = 0x20;
const zero = 0x30;
const nine = 0x39;

/** A gauge of the number behind the first `label`, which is ASCII. */
export function makeGauge(label: string): Gauge {
  const text = new TextEncoder().encode(label);
  let place = 0;
  return (bytes, size) => {
    if (!isAt(bytes, text, place)) place = find(bytes, text, size);
    return place >= size ? undefined : numberAt(bytes, place + text.length, size);
  };
}

/** Offset of a text, or the end when it is not there. */
function find(bytes: Uint8Array, text: Uint8Array, size: number): number {
  for (let at = 0; at + text.length <= size; at++) if (isAt(bytes, text, at)) return at;
  return size;
}

function isAt(bytes: Uint8Array, text: Uint8Array, offset: number): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[offset + at] !== text[at]) return false;
  return true;
}

/** What does not end before `size` may have been cut: it is no number. */
function numberAt(bytes: Uint8Array, offset: number, size: number): number | undefined {
  let at = offset;
  while (bytes[at] === space) at++;
  const start = at;
  let value = 0;
  for (let byte = bytes[at] ?? 0; byte >= zero && byte <= nine; byte = bytes[++at] ?? 0)
    value = value * 10 + byte - zero;
  return at > start && at < size ? value : undefined;
}
