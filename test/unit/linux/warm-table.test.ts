import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { test } from "node:test";
import { add, milliseconds } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";
import { startHog } from "#test/support/start-hog.ts";
import {
  crowd,
  find,
  keepCurrent,
  machineOf,
  meminfo,
  readerOf,
  tableOf,
  totalKiB,
  writeProcesses,
} from "./warm-machine.ts";

test("in a hurry, of many that are not known the largest are read, and of the others it is told what they have at the most", () => {
  using tree = machineOf({ processes: [...crowd(300), { pid: 900, anonKiB: 800_000 }] });
  using reader = readerOf(tree.root);
  const { processes, unread, isComplete } = tableOf(reader);
  assert.ok(unread !== undefined && unread.count > 100 && isComplete);
  assert.ok(processes.some(({ identity }) => identity.pid === 900));
  assert.ok(unread.held >= 400 && unread.held < 2000, `${unread.held}`);
});

for (const swapUsedKiB of [0, 2 * 1024 * 1024]) {
  test(`nobody who was not read has more than was told, with ${swapUsedKiB} KiB in swap`, () => {
    const processes = crowd(400).map((process, index) => ({
      ...process,
      anonKiB: 20_000 + 400 * index,
      adj: [0, 300, -500, 1000, -1000][index % 5] ?? 0,
      swapKiB: swapUsedKiB > 0 && index % 7 === 0 ? 4000 + 4 * index : 0,
    }));
    using tree = machineOf({ processes, swapUsedKiB });
    using reader = readerOf(tree.root);
    using thorough = readerOf(tree.root);
    const { processes: read, unread } = tableOf(reader);
    assert.ok(unread !== undefined);
    const known = new Set(read.map(({ identity }) => identity.pid));
    const left = tableOf(thorough, { isPressing: true, keepsTable: false }).processes.filter(
      ({ identity }) => !known.has(identity.pid),
    );
    assert.equal(left.length, unread.count);
    for (const { memory, oomScoreAdj } of left) {
      const { rss = 0, swap = 0, counted = 0, pageTables = 0 } = memory ?? {};
      assert.ok(rss + swap <= unread.held, `${rss} + ${swap} > ${unread.held}`);
      assert.ok(((counted + swap + pageTables) * 1000) / totalKiB + oomScoreAdj <= unread.permille);
    }
  });
}

test("whoever did not change is the very same object in the next table, and whoever did is another", () => {
  using tree = machineOf({ processes: crowd(40) });
  using reader = readerOf(tree.root);
  const before = tableOf(reader, { isPressing: false, keepsTable: false });
  writeProcesses(tree, [{ pid: 120, anonKiB: 90_000 }]);
  const after = tableOf(reader, { isPressing: false, keepsTable: false });
  for (const process of after.processes) {
    const isSame = process === find(before, process.identity.pid);
    assert.equal(isSame, process.identity.pid !== 120, `${process.identity.pid}`);
  }
});

test("after a round in the waits everybody is known, and a look reads leaders only", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  const first = tableOf(reader);
  assert.deepEqual([first.unread, first.processes.length], [undefined, 301]);
  writeProcesses(tree, [
    { pid: 110, anonKiB: 3000 },
    { pid: 399, anonKiB: 5000 },
  ]);
  const second = tableOf(reader);
  assert.deepEqual([find(second, 110)?.memory?.anon, find(second, 399)?.memory?.anon], [440, 5000]);
});

test("when more is gone than the leaders took, everybody is asked, and who took it is found", () => {
  using tree = machineOf({ processes: crowd(300), anonKiB: 300_000 });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  tableOf(reader);
  writeProcesses(tree, [{ pid: 110, anonKiB: 900_000 }]);
  tree.write("proc/meminfo", meminfo({ anonKiB: 1_200_000 }));
  assert.equal(find(tableOf(reader), 110)?.memory?.anon, 900_000);
});

test("what was taken before anybody was read is held against nobody: a look reads leaders only", () => {
  using tree = machineOf({ processes: crowd(300), anonKiB: 300_000 });
  using reader = readerOf(tree.root);
  writeProcesses(tree, [{ pid: 900, anonKiB: 900_000 }]);
  tree.write("proc/meminfo", meminfo({ anonKiB: 1_200_000 }));
  keepCurrent(reader);
  writeProcesses(tree, [{ pid: 110, anonKiB: 3000 }]);
  assert.equal(find(tableOf(reader), 110)?.memory?.anon, 440);
});

test("a newcomer is found by its number, and one that gets the pid of another is not taken for it", () => {
  using tree = machineOf({ processes: crowd(30) });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  const before = find(tableOf(reader), 100);
  writeProcesses(tree, [{ pid: 5002, anonKiB: 40_000 }]);
  tree.write("proc/loadavg", "0 0 0 1/80 5003\n");
  assert.equal(find(tableOf(reader), 5002)?.memory?.anon, 40_000);
  writeProcesses(tree, [{ pid: 100, startTicks: 99_999, anonKiB: 40 }]);
  tree.write("proc/loadavg", "0 0 0 1/80 99\n");
  tableOf(reader);
  rmSync(`${tree.root}/proc/129`, { recursive: true });
  tree.write("proc/loadavg", "0 0 0 1/80 100\n");
  const after = tableOf(reader);
  assert.notDeepEqual(find(after, 100)?.identity, before?.identity);
});

test("who came a moment ago is read again, though it leads nowhere: it may have become another since", () => {
  using tree = machineOf({ processes: crowd(300) });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  tableOf(reader);
  writeProcesses(tree, [{ pid: 5002, comm: "fork", anonKiB: 40 }]);
  tree.write("proc/loadavg", "0 0 0 1/80 5003\n");
  assert.equal(find(tableOf(reader), 5002)?.comm, "fork");
  writeProcesses(tree, [
    { pid: 5002, comm: "program", anonKiB: 60 },
    { pid: 110, comm: "program", anonKiB: 60 },
  ]);
  const after = tableOf(reader);
  assert.equal(find(after, 5002)?.comm, "program");
  assert.notEqual(find(after, 110)?.comm, "program");
});

test("a thread of another process that has a number of its own is no process", () => {
  using tree = machineOf({ processes: crowd(30) });
  using reader = readerOf(tree.root);
  keepCurrent(reader);
  writeProcesses(tree, [{ pid: 5001, anonKiB: 90_000, isFollower: true }]);
  tree.write("proc/loadavg", "0 0 0 1/80 5001\n");
  assert.equal(find(tableOf(reader), 5001), undefined);
});

test("in a hurry neither arguments nor mappings are read", () => {
  using tree = machineOf({ processes: crowd(30) });
  for (const pid of [1, ...crowd(30).map((process) => process.pid)]) {
    rmSync(`${tree.root}/proc/${pid}/cmdline`);
    // Whoever opens one of these fails, and the table with it.
    for (const file of ["cmdline", "environ", "maps", "smaps"]) mkdirSync(`${tree.root}/proc/${pid}/${file}`);
  }
  using reader = readerOf(tree.root);
  for (let look = 0; look < 3; look++) {
    const { isComplete, failure, processes } = tableOf(reader);
    assert.deepEqual([isComplete, failure, processes.length], [true, undefined, 31]);
    keepCurrent(reader);
  }
});

test("another program of the same name, in the same process, is noticed by its stack: its arguments are those of nobody else", () => {
  const text = { pid: 100, comm: "python3", anonKiB: 500_000, stackStart: 111_000 };
  using tree = machineOf({ processes: [text] });
  using reader = readerOf(tree.root);
  tableOf(reader, { isPressing: false, keepsTable: false });
  assert.ok(find(tableOf(reader), 100)?.traits.cmdline !== undefined);
  writeProcesses(tree, [{ ...text, stackStart: 222_000 }]);
  assert.equal(find(tableOf(reader), 100)?.traits.cmdline, undefined);
});

const openFiles = (): number => readdirSync("/proc/self/fd").length;

test("descriptors of leaders stay open, no more of them than there are leaders, and none after the end", () => {
  const before = openFiles();
  using tree = machineOf({ processes: crowd(200) });
  {
    using reader = readerOf(tree.root);
    keepCurrent(reader);
    for (let look = 0; look < 4; look++) tableOf(reader);
    assert.ok(openFiles() > before + 20 && openFiles() < before + 110, `${openFiles() - before}`);
  }
  assert.equal(openFiles(), before);
});

test("of this very machine, a process that comes and grows between two looks is found with what it has", async () => {
  using reader = readerOf("");
  reader.keepCurrent(add(monotonicNow(), milliseconds(200)), { isPressing: false });
  tableOf(reader);
  const hog = await startHog({});
  try {
    const anon = find(tableOf(reader), hog.hog.pid)?.memory?.anon ?? 0;
    assert.ok(anon >= 64 * 1024, `${anon}`);
  } finally {
    await hog.end();
  }
  assert.equal(find(tableOf(reader), hog.hog.pid)?.memory, undefined);
});

test("nobody on this very machine who was left out has more than was told", () => {
  using reader = readerOf("");
  const { processes, unread } = tableOf(reader);
  const known = new Set(processes.map(({ identity }) => identity.pid));
  using thorough = readerOf("");
  const whole = tableOf(thorough, { isPressing: true, keepsTable: false }).processes;
  // Who grew in between is not the reader's fault: most of a machine sleeps.
  const over = whole.filter(
    ({ identity, memory }) =>
      !known.has(identity.pid) && (memory?.rss ?? 0) + (memory?.swap ?? 0) > (unread?.held ?? 0),
  );
  assert.ok(over.length <= Math.max(3, whole.length / 20), `${over.map(({ comm }) => comm)}`);
});

test("a first look in no hurry reads the arguments of all of many for rules that ask for them, where the kernel does not count, and else nobody", () => {
  using tree = machineOf({ processes: crowd(400) });
  const look = { isPressing: false, keepsTable: true } as const;
  using asked = readerOf(tree.root);
  const { processes, unread } = tableOf(asked, { ...look, asksForCmdline: true });
  assert.equal(unread, undefined);
  assert.ok(processes.length > 400 && processes.every(({ traits }) => traits.cmdline?.endsWith("--flag")));
  using notAsked = readerOf(tree.root);
  const listed = tableOf(notAsked, look);
  assert.deepEqual([listed.processes.length, listed.unread?.count], [0, processes.length]);
});
