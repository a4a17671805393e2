/** A letter at a place of the bar, such as a watermark. */
export interface Mark {
  readonly letter: string;
  readonly at: number;
}

/** A share of something, and how wide to draw it. */
export interface Bar {
  readonly value: number;
  readonly most: number;
  readonly width: number;
  readonly marks?: readonly Mark[];
}

/**
 * `[mlh######------]`: how much of the most there is; a mark stands where its place is, and of two at one place the
 * later one moves right. Nothing at all and the whole are shown only when they are exactly that.
 */
export function renderBar({ value, most, width, marks = [] }: Bar): string {
  const filled = fill(value, most, width);
  const cells: string[] = Array.from({ length: width }, (_, at) => (at < filled ? "#" : "-"));
  let free = 0;
  for (const { letter, at } of [...marks].sort((a, b) => a.at - b.at)) {
    const cell = Math.max(free, Math.min(width - 1, Math.floor(share(at, most) * width)));
    if (cell >= width) break;
    cells[cell] = letter;
    free = cell + 1;
  }
  return `[${cells.join("")}]`;
}

function fill(value: number, most: number, width: number): number {
  const cells = Math.round(share(value, most) * width);
  if (cells === 0) return value > 0 ? 1 : 0;
  return cells === width && value < most ? width - 1 : cells;
}

const share = (value: number, most: number): number => (most <= 0 ? 0 : Math.min(1, Math.max(0, value / most)));
