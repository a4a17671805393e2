import { fail } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, repositoryRoot } from "#test/support/repository.ts";
import { type Blanked, blankOut } from "./blank-out.ts";

/** One TypeScript file that ships. */
export interface SourceFile extends Blanked {
  /** From the top of the checkout: `src/engine/decide.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Something a rule refuses, and where. */
export interface Breach {
  readonly at: string;
  readonly what: string;
}

export const sourceFile = (path: string, text: string): SourceFile => ({ path, text, ...blankOut(text) });

/** `path:line`, which editors and terminals follow. */
export const placeOf = ({ path, text }: SourceFile, index: number): string =>
  `${path}:${text.slice(0, index).split("\n").length}`;

/** All TypeScript that ends up on a user's machine. */
export const readSources = (): readonly SourceFile[] =>
  ["src", "policies", "native-bindings"]
    .flatMap(filesBelow)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => sourceFile(path, readFileSync(join(repositoryRoot, path), "utf8")));

/** Passes when nothing was found, and otherwise names every place: one line each, for editors and terminals to follow. */
export function allowNone(breaches: readonly Breach[]): void {
  if (breaches.length > 0) fail(["", ...breaches.map(({ at, what }) => `${at}: ${what}`)].join("\n"));
}
