import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** A program that boots guests. */
export interface VmTool<C extends ParseArgsConfig> {
  readonly name: string;
  readonly help: string;
  readonly options: C;
  /** @returns its exit status */
  run(given: Given<C>, folder: string): Promise<number>;
}

/** What its command line says. */
export type Given<C extends ParseArgsConfig> = ReturnType<typeof parseArgs<C>>;

/** A line of the answer. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * Runs such a program in a folder of its own, which is gone when it ends, by a signal as well. A choice that is not to be had is
 * said in a line, with exit status 2.
 */
export async function runTool<C extends ParseArgsConfig>({ name, help, options, run }: VmTool<C>): Promise<void> {
  if (process.argv.includes("--help")) return print(help);
  const folder = mkdtempSync(join(tmpdir(), `tidemark-${name}-`));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      clear();
      process.kill(process.pid, signal);
    });
  }
  try {
    process.exitCode = await run(parseArgs(options), folder);
  } catch (error) {
    if (!isChoice(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } finally {
    clear();
  }
}

/** Whoever started it can choose otherwise. */
const isChoice = (error: unknown): error is Error =>
  error instanceof RangeError ||
  (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));

/** Prepares something; undefined where it cannot be had here, and may be skipped: why is said. */
export function prepareUnlessSkipped<T>(maySkip: boolean, prepare: () => T): T | undefined {
  try {
    return prepare();
  } catch (error) {
    if (!maySkip || !(error instanceof Error)) throw error;
    print(`Skipped, all of it: ${error.message}`);
    return undefined;
  }
}
