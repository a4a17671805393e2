import { spawn } from "node:child_process";
import { once } from "node:events";

/** A module of ours, as the source text of an import. */
export const moduleOf = (path: string): string => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

/** Runs a program that may have 256 files open; the answer is what it prints. */
export async function runWithFewDescriptors(program: string): Promise<unknown> {
  const child = spawn("sh", ["-c", 'ulimit -n 256; exec "$0" --input-type=module -e "$1"', process.execPath, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await once(child.stdout, "data");
  return JSON.parse(String(text));
}
