import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";

/** The machine this repository was first developed on. See its MACHINE.md. */
export const recordedMachine = "machines/debian12-6.18-x64-4k";

/** Where a file below `test/fixtures` is. */
export const fixturePath = (path: string): string => join(repositoryRoot, "test/fixtures", path);

export const readFixture = (path: string): Uint8Array => new Uint8Array(readFileSync(fixturePath(path)));

/** A kernel file of the recorded machine, by its path below `/proc`. */
export const readRecorded = (path: string): Uint8Array => readFixture(`${recordedMachine}/proc/${path}`);

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
