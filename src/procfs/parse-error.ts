/** Where a kernel file stopped making sense, as data. */
export interface Damage {
  /** The file as the kernel names it: `meminfo`, `PID/stat`. Which process it was is the reader's to say. */
  readonly file: string;
  /** In bytes from the beginning of the file, the first being 0. */
  readonly offset: number;
  /** The first line is 1. */
  readonly line: number;
  readonly expected: string;
  /** What stands there instead, control bytes escaped. */
  readonly found: string;
}

/** A kernel file that is damaged, or that this parser does not know: the fixture of the bug report. */
export class ParseError extends Error implements Damage {
  readonly file: string;
  readonly offset: number;
  readonly line: number;
  readonly expected: string;
  readonly found: string;

  constructor(damage: Damage) {
    super(describeDamage(damage));
    this.name = "ParseError";
    this.file = damage.file;
    this.offset = damage.offset;
    this.line = damage.line;
    this.expected = damage.expected;
    this.found = damage.found;
  }
}

const describeDamage = ({ file, offset, line, expected, found }: Damage): string =>
  `Cannot parse "${file}" at line ${line}, byte ${offset}: found ${found}, expected ${expected}`;
