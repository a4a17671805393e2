import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { cgroupPath, type KiB, kib, oomScoreAdj, type Pid, pid, uid } from "#domain/units.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { type Planted, readSize, readTree } from "./read-tree.ts";

/** A desktop or a server with what runs on it, as it was when trouble began and as it is now. */
export interface GalleryMachine {
  readonly name: string;
  readonly title: string;
  readonly ram: KiB;
  readonly swap: KiB;
  /** Whom a knowledgeable owner would name. */
  readonly first: string;
  /** What that one holds at the least, where others bear its name. */
  readonly holds: KiB;
  readonly because: string;
  /** Which programs were run to be recorded, and on which kernel. Undefined: none, it was written by hand. */
  readonly recorded: string | undefined;
  readonly before: ProcessTable;
  readonly now: ProcessTable;
}

const folder = join(repositoryRoot, "test/fixtures/gallery");

/** All of them, by name. */
export const galleryMachines = (): readonly GalleryMachine[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".tree"))
    .sort()
    .map((file) => readMachine(basename(file, ".tree"), readFileSync(join(folder, file), "utf8")));

/** One machine from its text: `key: value` lines, then a blank line, then the tree. @throws Error when a key is missing */
export function readMachine(name: string, text: string): GalleryMachine {
  const [head = "", ...rest] = text.split("\n\n");
  const keys = new Map(
    head.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const get = (key: string): string => {
    const value = keys.get(key);
    if (value === undefined) throw new Error(`${name}: "${key}:" is missing`);
    return value;
  };
  const lines = rest
    .join("\n")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const planted = [...readTree(lines, keys)];
  planted.push(killer(planted));
  const byAge = planted.toSorted((a, b) => a.now.identity.startTicks - b.now.identity.startTicks);
  const self = planted.length;
  return {
    name,
    title: get("title"),
    ram: readSize(get("ram")),
    swap: readSize(get("swap")),
    first: get("first"),
    holds: readSize(keys.get("holds") ?? "0M"),
    because: get("because"),
    recorded: keys.get("recorded"),
    before: tableOf(
      byAge.flatMap(({ before }) => before ?? []),
      pid(self),
    ),
    now: tableOf(
      byAge.map(({ now }) => now),
      pid(self),
    ),
  };
}

const tableOf = (processes: readonly ProcessFacts[], self: Pid): ProcessTable => ({
  self,
  processes,
  isComplete: true,
});

/** Tidemark itself, started by init like any other service. */
function killer(planted: readonly Planted[]): Planted {
  const [init] = planted;
  if (init === undefined) throw new Error("a tree begins with init");
  const id = planted.length + 1;
  const now: ProcessFacts = {
    ...init.now,
    identity: { pid: pid(id), startTicks: init.now.identity.startTicks },
    parent: init.now.identity.pid,
    comm: "tidemark",
    uid: uid(0),
    oomScoreAdj: oomScoreAdj(-1000),
    memory: init.now.memory && { ...init.now.memory, virtual: kib(1) },
    traits: { exe: "/usr/bin/node", cmdline: undefined, cgroup: cgroupPath("/system.slice/tidemark.service") },
  };
  return { now, before: now };
}
