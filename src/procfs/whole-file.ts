const newline = 0x0a;

/**
 * Whether the text of a process is there to its end. Each of these files ends with a newline; a read that finds the process
 * gone returns nothing, or only what was printed before.
 */
export const isWholeFile = (bytes: Uint8Array): boolean => bytes[bytes.length - 1] === newline;
