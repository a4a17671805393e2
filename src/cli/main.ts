#!/usr/bin/env node
import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { runCommandLine } from "./run-command-line.ts";

// Who pipes us into `head` has seen enough: nothing is wrong, and nothing more is to be said.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const ended = await runCommandLine(process.argv.slice(2), commands, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
  environment: process.env,
});
// Writes to pipes and terminals are synchronous on Linux, so nothing is lost. Left to end by itself, Node gives signals back to
// the system first, and the echo of a Ctrl-C (npm passes it on) would kill what has just ended well.
process.exit(exitCodes[ended].code);
