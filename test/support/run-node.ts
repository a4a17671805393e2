import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a program ended, and what it printed. */
export interface NodeEnding {
  readonly code: unknown;
  readonly text: string;
}

/** Runs a program of Node's in a process of its own, under another program if one is named: what is locked and hurried there is gone with it. */
export async function runNode(
  flags: readonly string[],
  program: string,
  under: readonly string[] = [],
): Promise<NodeEnding> {
  const [command = process.execPath, ...rest] = [...under, process.execPath];
  const child = spawn(command, [...rest, ...flags, "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  return { code, text };
}
