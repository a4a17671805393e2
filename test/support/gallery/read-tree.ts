import type { ProcessFacts } from "#domain/process.ts";
import { cgroupPath, gib, type KiB, kib, mib, oomScoreAdj, pid, startTicks, sum, uid } from "#domain/units.ts";

/** A process of a tree: as it is now, and what it held when trouble began, if it was there. */
export interface Planted {
  readonly now: ProcessFacts;
  readonly before: ProcessFacts | undefined;
}

interface Parent {
  readonly depth: number;
  readonly facts: ProcessFacts;
}

/**
 * Reads lines such as `  "Isolated Web Co" 320M adj=100 was=200M x4`. Depth says who started it. Its program is `/usr/bin` and its name
 * unless a path is given; cgroup (`@`), user and adj are those of whoever started it unless they are given.
 */
export function readTree(lines: readonly string[], names: ReadonlyMap<string, string>): readonly Planted[] {
  const planted: Planted[] = [];
  const line: Parent[] = [];
  for (const text of lines) {
    const words = [...text.trim().matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);
    const depth = text.length - text.trimStart().length;
    while ((line.at(-1)?.depth ?? -1) >= depth) line.pop();
    const parent = line.at(-1)?.facts;
    const copies = Number(words.find((word) => /^x\d+$/.test(word))?.slice(1) ?? 1);
    for (let n = 0; n < copies; n += 1) planted.push(plant(words, { parent, id: planted.length + 1, names }));
    const facts = planted.at(-1)?.now;
    if (facts !== undefined) line.push({ depth, facts });
  }
  return planted;
}

interface Place {
  readonly parent: ProcessFacts | undefined;
  readonly id: number;
  readonly names: ReadonlyMap<string, string>;
}

/** Newcomers were started after all the others. */
const late = 1_000_000;

function plant(words: readonly string[], { parent, id, names }: Place): Planted {
  const [comm = "", held = ""] = words;
  const value = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const has = (word: string) => words.slice(2).includes(word);
  const cgroup = words.find((word) => word.startsWith("@"))?.slice(1);
  const exe = words.slice(2).find((word) => word.startsWith("/")) ?? `/usr/bin/${comm}`;
  const isNew = has("new");
  const file = value("file");
  const facts = (anon: KiB): ProcessFacts => ({
    identity: { pid: pid(id), startTicks: startTicks(id + (isNew ? late : 0)) },
    parent: parent?.identity.pid,
    comm,
    uid: uid(Number(value("uid") ?? parent?.uid ?? 0)),
    state: "sleeping",
    threads: 1,
    leadsSession: has("sid") || has("tty") || isStartedByManager(parent),
    leadsTerminal: has("tty"),
    isKernelThread: false,
    isDying: false,
    oomScoreAdj: oomScoreAdj(Number(value("adj") ?? parent?.oomScoreAdj ?? 0)),
    memory: memoryOf(anon, {
      id,
      file: file === undefined ? kib(Math.min(anon / 4, mib(40))) : readSize(file),
      swap: readSize(value("swap") ?? "0M"),
      shmem: readSize(value("shmem") ?? "0M"),
    }),
    traits: {
      exe,
      cmdline: undefined,
      cgroup: cgroup === undefined ? (parent?.traits.cgroup ?? cgroupPath("/")) : cgroupPath(fillIn(cgroup, names)),
    },
  });
  const was = value("was");
  const now = facts(readSize(held));
  if (isNew) return { now, before: undefined };
  // Who did not change is the very same, as a table that is kept current has it.
  return { now, before: was === undefined ? now : facts(readSize(was)) };
}

const isStartedByManager = (parent: ProcessFacts | undefined): boolean =>
  parent?.traits.exe?.endsWith("/systemd/systemd") ?? true;

/** `@user/app.slice/x.scope`, where `user` was given a path. */
const fillIn = (path: string, names: ReadonlyMap<string, string>): string =>
  path.replace(/^[a-z]+/, (name) => names.get(name) ?? name);

interface Rest {
  readonly id: number;
  readonly file: KiB;
  readonly swap: KiB;
  readonly shmem: KiB;
}

/** No two of a tree have an address space of the same size: they would be suspected to share it. */
function memoryOf(anon: KiB, { id, file, swap, shmem }: Rest): ProcessFacts["memory"] {
  const rss = sum([anon, file, shmem]);
  const pageTables = kib(Math.ceil(anon / 512));
  return { virtual: sum([rss, swap, gib(1), kib(4 * id)]), rss, counted: rss, anon, file, shmem, swap, pageTables };
}

const sizes: Readonly<Record<string, (n: number) => KiB>> = { K: kib, M: mib, G: gib };

/** `1.5G`. @throws Error for anything else */
export function readSize(text: string): KiB {
  const [, number = "", letter = ""] = /^([\d.]+)([KMG])$/.exec(text) ?? [];
  const size = sizes[letter]?.(Number(number));
  if (size === undefined || !Number.isFinite(size)) throw new Error(`"${text}" is not a size such as 20M`);
  return size;
}
