import { join } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";
import { startProgram } from "./program-child.ts";

/** Starts so many processes that do nothing; they end when they are disposed of. */
export async function startSleepers(count: number, signal: AbortSignal): Promise<AsyncDisposable> {
  const program = startProgram({
    command: ["python3", "-S", "-E", join(repositoryRoot, "test/support/bench/sleepers.py"), String(count)],
    signal,
    listenTo: "stdout",
  });
  const sleepers: AsyncDisposable = {
    async [Symbol.asyncDispose]() {
      // They end by the end of its stdin; asked by a signal it would leave them to do so alone.
      program.endInput();
      await program.ended;
    },
  };
  try {
    await program.until(/ready/);
    return sleepers;
  } catch (error) {
    await sleepers[Symbol.asyncDispose]();
    throw error;
  }
}
