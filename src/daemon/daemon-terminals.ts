import { isTerminal } from "#native-bindings/terminal.ts";
import { rememberTerminals } from "./gone-terminal.ts";

/** The same for the daemon, which makes system calls anyway and has no use for node:tty. */
export const rememberDaemonTerminals = (): (() => void) => rememberTerminals(isTerminal);
