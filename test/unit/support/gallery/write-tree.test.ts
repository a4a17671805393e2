import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProcessFacts } from "#domain/process.ts";
import { add, mib } from "#domain/units.ts";
import { type ProcessWish, someProcess } from "#test/support/a-snapshot.ts";
import { readTree } from "#test/support/gallery/read-tree.ts";
import { writeTree } from "#test/support/gallery/write-tree.ts";

const withFile = (wish: ProcessWish, file: number): ProcessFacts => {
  const process = someProcess({ exe: `/usr/bin/${wish.comm}`, uid: 0, ...wish });
  return process.memory === undefined ? process : { ...process, memory: { ...process.memory, file: mib(file) } };
};

/** Started by an init that was not recorded, as all of a recording are in the end. */
const init = 40;
const server: ProcessWish = {
  pid: 50,
  parent: init,
  comm: "tmux: server",
  exe: "/usr/bin/tmux",
  anon: mib(2),
  leadsSession: true,
};
const shell: ProcessWish = { pid: 60, parent: 50, comm: "bash", anon: mib(1), leadsTerminal: true };
const hog: ProcessWish = {
  pid: 70,
  parent: 60,
  comm: "hog",
  anon: mib(600),
  shmem: mib(5),
  swap: mib(7),
  oomScoreAdj: 300,
};
const late: ProcessWish = { pid: 80, parent: 50, comm: "late", anon: mib(1) };
const other: ProcessWish = { pid: 90, parent: init, comm: "other", anon: mib(3) };

const recording = {
  before: [withFile(server, 3), withFile(shell, 2), withFile({ ...hog, anon: mib(200) }, 20), withFile(other, 0)],
  now: [withFile(server, 3), withFile(shell, 2), withFile(hog, 20), withFile(late, 1), withFile(other, 0)],
};

const lines = writeTree(recording, { indent: "  ", words: "adj=0 @/a.scope" });
const planted = readTree(["systemd 14M /usr/lib/systemd/systemd @/init.scope adj=100", ...lines], new Map()).slice(1);

/** All that a line can tell; the one who wrote it knows no numbers. */
const told = (process: ProcessFacts, all: readonly ProcessFacts[]) => ({
  comm: process.comm,
  exe: process.traits.exe,
  by: all.find(({ identity }) => identity.pid === process.parent)?.comm,
  adj: process.oomScoreAdj,
  leadsTerminal: process.leadsTerminal,
  anon: process.memory?.anon,
  file: process.memory?.file,
  shmem: process.memory?.shmem,
  swap: process.memory?.swap,
});

describe("writeTree", () => {
  it("writes what readTree reads as the same processes", () => {
    const read = planted.map(({ now }) => now);
    assert.deepEqual(
      read.map((each) => told(each, read)),
      recording.now.map((each) => told(each, recording.now)),
    );
  });

  it("tells what each held when trouble began, and who was not there yet", () => {
    assert.deepEqual(
      planted.map(({ before }) => before?.memory?.anon),
      [mib(2), mib(1), mib(200), undefined, mib(3)],
    );
  });

  it("puts those whom nobody of the recording started where the layout says, and theirs with them", () => {
    assert.deepEqual(new Set(planted.map(({ now }) => now.traits.cgroup)), new Set(["/a.scope"]));
  });

  it("tells that a session is led", () => {
    assert.deepEqual(
      planted.map(({ now }) => now.leadsSession),
      [true, true, false, false, true],
    );
  });

  it("keeps file pages as they were, not as they are taken to be where nobody says", () => {
    assert.equal(planted[2]?.now.memory?.rss, [mib(600), mib(5), mib(20)].reduce(add));
  });
});
