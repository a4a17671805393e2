#!/usr/bin/env node
import { rememberTerminals } from "#daemon/gone-terminal.ts";
import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCommandLine } from "./run-command-line.ts";

const leaveGoneTerminals = rememberTerminals();
const unwritten: Error[] = [];

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Who pipes us into `head` has seen enough: nothing is wrong, and nothing more is to be said.
  if (error.code !== "EPIPE") unwritten.push(error);
});
// Nobody is left to be told.
process.stderr.on("error", () => undefined);

/** When what was written has been taken, or nobody is there to take it. Linux takes 64 KiB of a pipe at once, the rest when it is read. */
function drained(): Promise<boolean> {
  const { stdout } = process;
  if (stdout.writableLength === 0) return Promise.resolve(stdout.errored === null);
  return new Promise((resolve) => stdout.write("", (error) => resolve(error === null || error === undefined)));
}

const ended = await runCommandLine(process.argv.slice(2), commands, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  drained,
  isTerminal: process.stdout.isTTY,
  columns: process.stdout.columns,
  environment: process.env,
});
await drained();
// What a write met is told in the next turn.
await new Promise((resolve) => setImmediate(resolve));
const [lost] = unwritten;
if (lost !== undefined) process.stderr.write(`Cannot write the answer: ${lost.message}\n`);
leaveGoneTerminals();
// Left to end by itself, Node gives signals back to the system first, and the echo of a Ctrl-C (npm passes it on) would kill what
// has just ended well.
process.exit(exitCodes[lost === undefined ? ended : "system"].code);
