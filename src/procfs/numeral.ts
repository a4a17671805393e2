/** A number of a kernel file, and where it stands. */
export interface Numeral {
  readonly value: number;
  /** Where its label begins, where that ends, and where the number does. Between the latter two there may be spaces before the digits. */
  readonly label: number;
  readonly start: number;
  readonly end: number;
}

const space = 0x20;
const zero = 0x30;
const nine = 0x39;

/** The number behind the first `label`, which is ASCII. Undefined: there is none, or no more text behind it, so that it may have been cut. */
export function findNumeral(text: Uint8Array, label: string): Numeral | undefined {
  const found = find(text, new TextEncoder().encode(label));
  return found === undefined ? undefined : numeralAt(text, found, found + label.length);
}

function find(text: Uint8Array, label: Uint8Array): number | undefined {
  for (let at = 0; at + label.length <= text.length; at++) {
    if (label.every((byte, index) => text[at + index] === byte)) return at;
  }
  return undefined;
}

function numeralAt(text: Uint8Array, label: number, start: number): Numeral | undefined {
  let at = start;
  while (text[at] === space) at++;
  const first = at;
  let value = 0;
  for (let byte = text[at] ?? 0; byte >= zero && byte <= nine; byte = text[++at] ?? 0) value = value * 10 + byte - zero;
  return at > first && at < text.length ? { value, label, start, end: at } : undefined;
}
