/** Columns of dots in a character of braille. */
export const dotsAcross = 2;
/** Rows of dots in a character of braille. */
export const dotsDown = 4;

/** A drawing of dots, two columns and four rows in each character. */
export interface Dots {
  /** Sets all dots of a column from one row to another, both included; what lies outside is left out. */
  line(column: number, from: number, to: number): void;
  /** A character of the drawing; undefined where no dot is set. */
  at(column: number, row: number): string | undefined;
}

/** The bits of braille, by column and row of the dot. @see Unicode 15, block U+2800 */
const bits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];
const blank = 0x2800;

/** A drawing without a dot. Without Unicode, a character that has any is an asterisk. */
export function emptyDots({ width, height, isUnicode }: { width: number; height: number; isUnicode: boolean }): Dots {
  const cells = new Uint8Array(width * height);
  const set = (x: number, y: number): void => {
    const bit = bits[x % dotsAcross]?.[y % dotsDown] ?? 0;
    const cell = Math.floor(y / dotsDown) * width + Math.floor(x / dotsAcross);
    cells[cell] = (cells[cell] ?? 0) | bit;
  };
  return {
    line(column, from, to) {
      const [first, last] = [Math.max(0, Math.min(from, to)), Math.min(height * dotsDown - 1, Math.max(from, to))];
      for (let row = first; row <= last; row += 1) set(column, row);
    },
    at(column, row) {
      const cell = cells[row * width + column] ?? 0;
      if (cell === 0) return undefined;
      return isUnicode ? String.fromCodePoint(blank + cell) : "*";
    },
  };
}
