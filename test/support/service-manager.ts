import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { repositoryRoot } from "./repository.ts";

/** One message, as it came: who sent it, when, and what it says. */
export type Message = Readonly<Record<string, unknown>>;

/** Somebody who listens where a service manager would. */
export interface ServiceManagerActor extends AsyncDisposable {
  readonly messages: readonly Message[];
  /** The first message from the given one on that has such a word, now or when it comes. @throws Error when nobody listens any more */
  heard(word: string, from?: number): Promise<Message>;
  /** Reads nothing any more, with its queue full (it says `deaf` then), or reads again. */
  become(what: "deaf" | "hear"): void;
}

/** Listens at an address until it is disposed of. */
export async function listenAt(address: string): Promise<ServiceManagerActor> {
  const program = join(repositoryRoot, "test/support/service_manager.py");
  const python = spawn("python3", [program, address], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: python.stdout });
  const messages: Message[] = [];
  const closed = once(lines, "close");
  await once(lines, "line");
  lines.on("line", (line) => messages.push(JSON.parse(line)));
  return {
    messages,
    async heard(word, from = 0) {
      for (;;) {
        const found = messages.slice(from).find((message) => word in message);
        if (found !== undefined) return found;
        const ended = await Promise.race([once(lines, "line").then(() => false), closed.then(() => true)]);
        if (ended) throw new Error(`It ended without ${word}, after ${JSON.stringify(messages)}`);
      }
    },
    become: (what) => void python.stdin.write(`${what}\n`),
    async [Symbol.asyncDispose]() {
      python.stdin.end();
      await closed;
    },
  };
}
