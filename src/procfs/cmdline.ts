/*
 * /usr/bin/python3\0-m\0http.server\0
 *
 * fs/proc/base.c: get_mm_cmdline(). The arguments as they lie in the memory of the process, which may have written anything
 * over them: setproctitle() leaves one text with blanks in it, padded by NULs. Empty for kernel threads and zombies. It has
 * no newline at its end and no length of its own: what is cut cannot be told from what is whole.
 */
import { decodeText } from "./text.ts";

const nul = 0x00;

/** The arguments, joined by single spaces; "" where there are none. Any bytes will do. */
export function parseCmdline(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === nul) end--;
  return decodeText(bytes, 0, end).replaceAll("\0", " ");
}
