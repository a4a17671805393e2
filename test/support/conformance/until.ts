import { setTimeout } from "node:timers/promises";

const patience = 30_000;
const pause = 2;

/** Looks again and again until something is so. @throws Error when it is not in half a minute */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + patience;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Cannot wait any longer until ${what}`);
    await setTimeout(pause);
  }
}
