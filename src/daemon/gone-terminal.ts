import { closeSync, openSync } from "node:fs";

const standard = [0, 1, 2] as const;

/**
 * To be called at the start; the answer is to be called at the end. Node gives terminals their modes back when it exits, and dies
 * of it (SIGABRT or SIGSEGV, Node 20.20) when one has gone. It leaves descriptors alone that are of another file by then.
 * @see node: src/node.cc, ResetStdio()
 */
export function rememberTerminals(isTerminal: (fd: number) => boolean): () => void {
  const terminals = standard.filter((fd) => isTerminal(fd));
  return () => {
    for (const fd of terminals.filter((each) => !isTerminal(each))) {
      closeSync(fd);
      // The lowest number that is free: the one that was just closed.
      openSync("/dev/null", "r+");
    }
  };
}
