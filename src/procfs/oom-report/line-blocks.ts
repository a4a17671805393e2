/** Lines beyond this are cut: no record of the kernel has a tenth of it, and a log may be one line of any length. */
export const longestLine = 64 * 1024;
const newline = 0x0a;

/** Whole lines, one after the other. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  /** The last line lacks its end: the log stops there, or the line was too long. */
  readonly isCut: boolean;
}

/** Puts together the lines that the pieces of a log cut in two. */
export interface LineBlocks {
  /** The lines that these bytes finished. They share the memory of `chunk`. */
  push(chunk: Uint8Array): readonly LineBlock[];
  /** The line without a newline at the end of the log. */
  end(): readonly LineBlock[];
}

/** Nothing read yet. */
export function makeLineBlocks(): LineBlocks {
  let carried = new Uint8Array(0);
  let isSkipping = false;

  const carry = (piece: Uint8Array): void => {
    const room = longestLine - carried.length;
    if (piece.length > room) isSkipping = true;
    const longer = new Uint8Array(carried.length + Math.min(piece.length, room));
    longer.set(carried);
    longer.set(piece.subarray(0, room), carried.length);
    carried = longer;
  };

  const takeCarried = (isCut: boolean): LineBlock => {
    const block = { bytes: carried, isCut: isCut || isSkipping };
    carried = new Uint8Array(0);
    isSkipping = false;
    return block;
  };

  return {
    push(chunk) {
      const blocks: LineBlock[] = [];
      let start = 0;
      if (carried.length > 0) {
        const end = chunk.indexOf(newline);
        carry(chunk.subarray(0, end < 0 ? chunk.length : end));
        if (end < 0) return [];
        blocks.push(takeCarried(false));
        start = end + 1;
      }
      const end = chunk.lastIndexOf(newline) + 1;
      if (end > start) blocks.push({ bytes: chunk.subarray(start, end), isCut: false });
      const rest = Math.max(start, end);
      if (rest < chunk.length) carry(chunk.subarray(rest));
      return blocks;
    },
    end: () => (carried.length > 0 ? [takeCarried(true)] : []),
  };
}
