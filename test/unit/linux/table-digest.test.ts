import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import type { ProcessFacts } from "#domain/process.ts";
import { compareRanks, digestOf, type Measure } from "#domain/table-digest.ts";
import { add, kib, milliseconds } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";
import { crowd, find, machineOf, readerOf, tableOf, writeProcesses } from "./warm-machine.ts";

const bySize: Measure = ({ memory, comm }) => (comm === "never" ? undefined : memory?.anon);

test("of a table that is kept current it is known who leads, what the others have at the most, and what changed since any table asked about", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  const look = { isPressing: false, keepsTable: true, measure: bySize };
  reader.keepCurrent(add(monotonicNow(), milliseconds(5000)), look);
  const first = tableOf(reader, look);
  const steps: readonly (() => void)[] = [
    () => writeProcesses(tree, [{ pid: 399, anonKiB: 5000 }]),
    () => {
      writeProcesses(tree, [{ pid: 5001, anonKiB: 300 }]);
      tree.write("proc/loadavg", "0 0 0 1/80 5001\n");
    },
    () => rmSync(`${tree.root}/proc/398`, { recursive: true }),
    () => writeProcesses(tree, [{ pid: 397, comm: "never", anonKiB: 9000 }]),
  ];
  for (const step of steps) {
    step();
    const { processes } = tableOf(reader, { ...look, isPressing: true, since: first.processes });
    const known = digestOf(processes) ?? assert.fail("nothing is known");
    const others = processes.filter((process) => !known.heads.includes(process));
    const ranks = others.flatMap(({ identity, ...process }) => {
      const size = bySize({ ...process, identity }, kib(0));
      return size === undefined ? [] : [{ size, identity }];
    });
    const { firstOther } = known;
    assert.ok(firstOther !== undefined && ranks.every((rank) => compareRanks(firstOther, rank) <= 0));
    assert.equal(ranks.length, known.others);
    assert.equal(known.since, first.processes);
    const gone = new Set(known.changes.map(({ before }) => before));
    const now = known.changes.flatMap((change) => change.now ?? []);
    const again = [...first.processes.filter((process) => !gone.has(process)), ...now];
    assert.deepEqual(new Set(again), new Set(processes));
    assert.ok(now.every((process) => known.heads.includes(process)));
  }
});

test("under another measure nothing is said of who leads until everybody has been ranked by it, and its leaders are read all the same", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  const look = { isPressing: true, keepsTable: true, measure: bySize };
  reader.keepCurrent(add(monotonicNow(), milliseconds(5000)), look);
  assert.ok(digestOf(tableOf(reader, look).processes) === undefined);
  assert.ok(digestOf(tableOf(reader, look).processes) !== undefined);
  const other = { ...look, measure: (process: ProcessFacts) => process.memory?.swap };
  writeProcesses(tree, [{ pid: 399, anonKiB: 5000 }]);
  const table = tableOf(reader, other);
  assert.deepEqual([digestOf(table.processes), find(table, 399)?.memory?.anon], [undefined, 5000]);
});

test("who is asked for whole tables in trouble reads who is not known yet, and not again who is and does not lead", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  const look = { isPressing: true, keepsTable: true, measure: bySize };
  reader.keepCurrent(add(monotonicNow(), milliseconds(5000)), look);
  tableOf(reader, look);
  const born = Array.from({ length: 300 }, (_, n) => ({ pid: 5001 + n, anonKiB: 300 }));
  writeProcesses(tree, [...born, { pid: 110, anonKiB: 460 }, { pid: 399, anonKiB: 5000 }]);
  tree.write("proc/loadavg", "0 0 0 1/80 5300\n");
  assert.ok((tableOf(reader, look).unread?.count ?? 0) > 0);
  const { processes, unread } = tableOf(reader, { isPressing: true });
  assert.deepEqual([unread, processes.length], [undefined, 601]);
  const anonOf = (pid: number) => processes.find(({ identity }) => identity.pid === pid)?.memory?.anon;
  assert.deepEqual([anonOf(110), anonOf(399), anonOf(5300)], [440, 5000, 300]);
});
