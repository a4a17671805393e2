import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { LabFigures } from "./figures.ts";

/** Which run: what is measured again and again, under the same name. */
export type Cell = Pick<LabFigures, "story" | "guard" | "kernel">;

const isSame = (one: Cell, other: Cell): boolean =>
  one.story === other.story && one.guard === other.guard && one.kernel === other.kernel;

/** All runs so far: one JSON object a line, so that a lab that is interrupted goes on where it was. @throws SyntaxError for a damaged line */
export function readLedger(path: string | undefined): readonly LabFigures[] {
  if (path === undefined || !existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): LabFigures => JSON.parse(line));
}

/** Writes one run down. */
export const addToLedger = (path: string, figures: LabFigures): void =>
  appendFileSync(path, `${JSON.stringify(figures)}\n`);

/** What is still to be run for each cell to have `runs`: all cells once, then all a second time, and so on. */
export function remaining<C extends Cell>(cells: readonly C[], done: readonly Cell[], runs: number): readonly C[] {
  const count = (cell: Cell): number => done.filter((run) => isSame(run, cell)).length;
  return Array.from({ length: runs }, (_, round) => cells.filter((cell) => count(cell) <= round)).flat();
}

/** The runs of one cell. */
export const runsOf = (cell: Cell, ledger: readonly LabFigures[]): readonly LabFigures[] =>
  ledger.filter((run) => isSame(run, cell));
