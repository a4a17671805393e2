import assert from "node:assert/strict";
import type { ProcessTable } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, bytes, type Milliseconds, milliseconds } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";
import { rssCounterOf } from "#linux/counted-rss.ts";
import { makeProcessTableReader, type ProcessTableReader, type TableLook } from "#linux/process-table.ts";
import { makeTree, meminfoText, type ProcessText, type Tree, weighedFiles } from "./tree.ts";

/** RAM and swap of a made machine. */
export const totalKiB = 16 * 1024 * 1024;
/** Of a made machine. */
export const pageSize = bytes(4096);

/** A reader that remembers nothing yet. */
export const readerOf = (root: string, now: () => Milliseconds = monotonicNow): ProcessTableReader =>
  makeProcessTableReader({
    root,
    now,
    countRss: rssCounterOf("6.18.44", pageSize),
    patient: undefined,
    weighing: { pageSize },
  });

interface Wishes {
  readonly processes: readonly ProcessText[];
  readonly anonKiB?: number;
  readonly swapUsedKiB?: number;
}

const init: ProcessText = { pid: 1, comm: "init", anonKiB: 8000 };

/** Writes the files of processes, or what has become of them. */
export function writeProcesses(tree: Tree, processes: readonly ProcessText[]): void {
  for (const process of processes) {
    for (const [path, content] of Object.entries(weighedFiles(process, totalKiB))) tree.write(path, content);
  }
}

/** What the memory of a made machine looks like. */
export const meminfo = ({ anonKiB = 0, swapUsedKiB = 0 }: Omit<Wishes, "processes">): string =>
  meminfoText({ ramKiB: totalKiB / 2, swapKiB: totalKiB / 2, anonKiB, swapUsedKiB });

/** A made machine with init and some processes. */
export function machineOf({ processes, ...memory }: Wishes): Tree {
  const tree = makeTree({ "proc/meminfo": meminfo(memory), "proc/loadavg": "0 0 0 1/80 5000\n" });
  writeProcesses(tree, [init, ...processes]);
  return tree;
}

/** So many small ones, each larger than the one before. */
export const crowd = (count: number): readonly ProcessText[] =>
  Array.from({ length: count }, (_, index) => ({ pid: 100 + index, anonKiB: 400 + 4 * index }));

/** What a look sees. */
export function tableOf(
  reader: ProcessTableReader,
  look: TableLook = { isPressing: true, keepsTable: true },
): ProcessTable {
  const table = knownValue(reader.read(look));
  assert.ok(table);
  return table;
}

/** As long as it takes until everybody is known. */
export const keepCurrent = (reader: ProcessTableReader): void =>
  reader.keepCurrent(add(monotonicNow(), milliseconds(5000)), { isPressing: true });

/** The process with a pid, as a table has it. */
export const find = ({ processes }: ProcessTable, pid: number) =>
  processes.find(({ identity }) => identity.pid === pid);
