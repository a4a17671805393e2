import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hogUid, tidemarkProgram } from "./killers.ts";
import { type Line, type ProgramChild, startProgram } from "./program-child.ts";

/** The shipped daemon with its default settings, which watches and can choose nobody. */
export interface HarmlessTidemark extends AsyncDisposable {
  readonly program: ProgramChild;
  /** When it was started: nanoseconds of CLOCK_MONOTONIC. */
  readonly startedAt: number;
  /** The line by which it said that it had looked. */
  readonly ready: Line;
}

/** A user without processes: nobody else is eligible. */
const nobodyElse = `[[rule]]\nverdict = "only"\nuid = ${hogUid}\n`;

/** What a service manager hands on: a variable like NODE_EXTRA_CA_CERTS of whoever measures costs each Node 36 ms. */
const serviceEnvironment = { PATH: process.env["PATH"] };

/** Starts it, and waits for its first look. */
export async function startHarmlessTidemark(
  env: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<HarmlessTidemark> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  const path = join(folder, "settings.toml");
  writeFileSync(path, nobodyElse);
  const startedAt = Number(process.hrtime.bigint());
  const program = startProgram({
    command: [...tidemarkProgram, "run", "--log-format=json", "--config", path],
    signal,
    env: { ...serviceEnvironment, ...Object.fromEntries(env) },
    listenTo: "stderr",
  });
  const dispose = async (): Promise<void> => {
    await program[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  };
  try {
    return { program, startedAt, ready: await program.until(/"daemon\.ready"/), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
