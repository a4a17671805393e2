import { decodeText } from "./text.ts";

const backslash = 0x5c;
const escapeLength = 4;
const octalZero = 0x30;

/** Undoes the `\040` of seq_path() in fs/seq_file.c. A backslash of the path is always escaped itself, so one that begins no escape is kept as it is. */
export function decodeEscaped(escaped: Uint8Array): string {
  const plain = new Uint8Array(escaped.length);
  let length = 0;
  for (let i = 0; i < escaped.length; length++) {
    const octal = escaped[i] === backslash ? octalAt(escaped, i + 1) : undefined;
    plain[length] = octal ?? escaped[i] ?? 0;
    i += octal === undefined ? 1 : escapeLength;
  }
  return decodeText(plain, 0, length);
}

/** The byte that three octal digits stand for. */
function octalAt(bytes: Uint8Array, offset: number): number | undefined {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const digit = (bytes[offset + i] ?? 0) - octalZero;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value <= 0xff ? value : undefined;
}
