import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GuestOutput } from "./guest.ts";

/** What a guest said, each a file of this name. */
const parts = ["record", "journal", "console", "kernelLog"] as const;

/** Writes what a guest said into a folder, which is made. */
export function keepOutput(folder: string, output: GuestOutput): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) writeFileSync(join(folder, part), output[part]);
}
