import assert from "node:assert/strict";
import { test } from "node:test";
import { add, milliseconds } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";
import { processFiles } from "./tree.ts";
import { crowd, find, keepCurrent, machineOf, readerOf, tableOf, writeProcesses } from "./warm-machine.ts";

test("of a table that nobody kept current nothing is told, and what is found to be still true is the very same", () => {
  using tree = machineOf({ processes: crowd(300) });
  let late = milliseconds(0);
  using reader = readerOf(tree.root, () => add(monotonicNow(), late));
  keepCurrent(reader);
  const first = tableOf(reader);
  writeProcesses(tree, [{ pid: 110, anonKiB: 3000 }]);
  assert.equal(find(tableOf(reader), 110)?.memory?.anon, 440);
  late = milliseconds(11_000);
  const { unread, processes } = tableOf(reader);
  assert.equal(processes.length + (unread?.count ?? 0), 301);
  assert.notEqual(find({ ...first, processes }, 110)?.memory?.anon, 440);
  assert.equal(find({ ...first, processes }, 399), find(first, 399));
});

test("a look without a hurry reads again who leads, and who came", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  writeProcesses(tree, [{ pid: 399, anonKiB: 5000 }]);
  const table = tableOf(reader, { isPressing: false, keepsTable: true });
  assert.equal(find(table, 399)?.memory?.anon, 5000);
});

test("a process whose first thread has left is read again whenever it leads: its stat tells nothing", () => {
  const threadOf = (anonKiB: number) => {
    const files = processFiles({ pid: 951, anonKiB });
    return {
      "proc/950/task/951/stat": files["proc/951/stat"] ?? "",
      "proc/950/task/951/status": files["proc/951/status"] ?? "",
    };
  };
  using tree = machineOf({ processes: [...crowd(30), { pid: 950, state: "Z", flags: 0x40800c, threads: 2 }] });
  const write = (anonKiB: number): void => {
    for (const [path, content] of Object.entries({ "proc/950/task/950/stat": "", ...threadOf(anonKiB) }))
      tree.write(path, content);
  };
  write(50_000);
  using reader = readerOf(tree.root);
  assert.equal(find(tableOf(reader), 950)?.memory?.anon, 50_000);
  write(900_000);
  assert.equal(find(tableOf(reader), 950)?.memory?.anon, 900_000);
});
