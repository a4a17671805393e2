import { initPid, type Pid } from "#domain/units.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import type { ProcessFiles } from "./process-files.ts";
import { readStat } from "./process-reader.ts";

/** Whether no decision may ever touch a process: init, ourselves, and everyone we descend from. */
export const isUntouchable = (pid: Pid, files: ProcessFiles): boolean => findUntouchable(files).has(pid);

/** Whom no decision may ever touch. */
export const findUntouchable = (files: ProcessFiles): ReadonlySet<Pid> => new Set([initPid, ...ancestry(files)]);

/** Ourselves and our ancestors as they are now: an orphan is given another parent. */
function ancestry(files: ProcessFiles): readonly Pid[] {
  const chain: Pid[] = [];
  let next: Pid | undefined = ownPid();
  // A parent that is read late may have been given away to a descendant: no chain is walked in a circle.
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = readStat(files, next)?.parent;
  }
  return chain;
}
