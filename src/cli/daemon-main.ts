import { rememberDaemonTerminals } from "#daemon/daemon-terminals.ts";
import { type Handover, readMessage, takeLetter } from "#daemon/handover.ts";
import { runDaemon } from "#daemon/run-daemon.ts";
import { viewError } from "#daemon/views/error-view.ts";
import { tellEnding } from "./daemon-ending.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

// What `tidemark run` puts in its place. Nothing here reads a command line or settings: that has been done.
const leaveGoneTerminals = rememberDaemonTerminals();

async function live(): Promise<ExitCode> {
  try {
    const letter = takeLetter(process.argv[2]);
    const ending = await runDaemon(readMessage<Handover>(letter), { letter });
    return tellEnding(ending, (text) => void process.stderr.write(`${text}\n`));
  } catch (error) {
    const { trouble, text } = viewError(error);
    process.stderr.write(`${text}\n`);
    return trouble;
  }
}

// No await out here: what is bundled is CommonJS, which starts without the loader of modules.
void live().then((ended) => {
  leaveGoneTerminals();
  process.exit(exitCodes[ended].code);
});
