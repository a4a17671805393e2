import { isatty } from "node:tty";
import { rememberTerminals } from "#daemon/gone-terminal.ts";
import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCommandLine } from "./run-command-line.ts";

const leaveGoneTerminals = rememberTerminals(isatty);
const unwritten: Error[] = [];

/**
 * A standard stream, from the first word that is written to it. Only to look at one is enough for Node to make a pipe
 * non-blocking for everybody who has it, and a daemon that takes our place could not undo that.
 */
function whenUsed(open: () => NodeJS.WriteStream, heed: (error: NodeJS.ErrnoException) => void) {
  let opened: NodeJS.WriteStream | undefined;
  return {
    get opened() {
      return opened;
    },
    write(text: string): void {
      opened ??= open().on("error", heed);
      opened.write(text);
    },
  };
}

const stdout = whenUsed(
  () => process.stdout,
  (error) => {
    // Who pipes us into `head` has seen enough: nothing is wrong, and nothing more is to be said.
    if (error.code !== "EPIPE") unwritten.push(error);
  },
);
const stderr = whenUsed(
  () => process.stderr,
  // Nobody is left to be told.
  () => undefined,
);

/** When what was written has been taken, or nobody is there to take it. Linux takes 64 KiB of a pipe at once, the rest when it is read. */
function drained(): Promise<boolean> {
  const { opened } = stdout;
  if (opened === undefined) return Promise.resolve(true);
  if (opened.writableLength === 0) return Promise.resolve(opened.errored === null);
  return new Promise((resolve) => opened.write("", (error) => resolve(error === null || error === undefined)));
}

// Not awaited out here: what is bundled is CommonJS, which starts without the loader of modules.
void answer();

async function answer(): Promise<void> {
  const isTerminal = isatty(1);
  const ended = await runCommandLine(process.argv.slice(2), commands, {
    stdout: stdout.write,
    stderr: stderr.write,
    drained,
    isTerminal,
    columns: isTerminal ? process.stdout.columns : undefined,
    environment: process.env,
  });
  await drained();
  // What a write met is told in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const [lost] = unwritten;
  if (lost !== undefined) stderr.write(`Cannot write the answer: ${lost.message}\n`);
  leaveGoneTerminals();
  // Left to end by itself, Node gives signals back to the system first, and the echo of a Ctrl-C (npm passes it on) would kill what
  // has just ended well.
  process.exit(exitCodes[lost === undefined ? ended : "system"].code);
}
