import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestOutput } from "./guest.ts";

/** What a guest said, each a file of this name. */
const parts = ["record", "journal", "console", "kernelLog"] as const;

/** What is played again and again: a story under a guard. */
export interface Cell {
  readonly story: string;
  readonly guard: string;
}

/** The runs of a cell that a folder keeps: paths, in the order they were played. */
export function keptRuns(folder: string, cell: Cell): readonly string[] {
  return numbersOf(folder, cell).map((number) => pathOf(folder, cell, number));
}

/** Keeps what a guest said as one more run of its cell, in a folder that is made. */
export function keepRun(folder: string, cell: Cell, output: GuestOutput): void {
  const path = pathOf(folder, cell, (numbersOf(folder, cell).at(-1) ?? 0) + 1);
  mkdirSync(path, { recursive: true });
  for (const part of parts) writeFileSync(join(path, part), output[part]);
}

/** Reads a run that is kept. The log of its kernel is the last that a guest says before it switches itself off. */
export function readRun(path: string): GuestOutput {
  const [record = "", journal = "", console = "", kernelLog = ""] = parts.map((part) =>
    readFileSync(join(path, part), "utf8"),
  );
  return { record, journal, console, kernelLog, isStuck: kernelLog === "" };
}

/** The Linux that a log is of; undefined: it was so long that its beginning is gone. */
export const releaseIn = (kernelLog: string): string | undefined => /Linux version (\S+)/.exec(kernelLog)?.[1];

const beginningOf = ({ story, guard }: Cell): string => `${story}-${guard}-`;

const pathOf = (folder: string, cell: Cell, number: number): string => join(folder, beginningOf(cell) + number);

function numbersOf(folder: string, cell: Cell): readonly number[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const beginning = beginningOf(cell);
  const endings = names.filter((name) => name.startsWith(beginning)).map((name) => name.slice(beginning.length));
  return endings
    .filter((ending) => /^\d+$/.test(ending))
    .map(Number)
    .sort((a, b) => a - b);
}
